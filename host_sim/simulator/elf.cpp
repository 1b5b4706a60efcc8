// Reads the header and the dynamic symbols of a shared object.
#include "elf.hpp"

#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace host_sim {
namespace {

// The machine of the running program, from its own header.
uint16_t own_machine() {
  const auto* program = reinterpret_cast<const ElfW(Phdr)*>(getauxval(AT_PHDR));
  const auto* header = reinterpret_cast<const ElfW(Ehdr)*>(reinterpret_cast<const char*>(program) -
                                                           sizeof(ElfW(Ehdr)));
  return program != nullptr && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 ? header->e_machine
                                                                             : uint16_t{EM_NONE};
}

struct View {
  const char* bytes;
  size_t size;

  template <typename T>
  const T* at(uint64_t offset, uint64_t count = 1) const {
    if (offset > size || count > (size - offset) / sizeof(T)) return nullptr;
    return reinterpret_cast<const T*>(bytes + offset);
  }
};

bool contains(const View& view, std::string_view text) {
  return std::string_view(view.bytes, view.size).find(text) != std::string_view::npos;
}

void read_symbols(const View& view, const ElfW(Shdr) & symbols, const ElfW(Shdr) & strings,
                  ElfFacts& facts) {
  const uint64_t count = symbols.sh_size / sizeof(ElfW(Sym));
  const auto* table = view.at<ElfW(Sym)>(symbols.sh_offset, count);
  const auto* names = view.at<char>(strings.sh_offset, strings.sh_size);
  if (table == nullptr || names == nullptr || strings.sh_size == 0) return;
  if (names[strings.sh_size - 1] != '\0') return;
  for (uint64_t index = 0; index < count; ++index) {
    if (table[index].st_name >= strings.sh_size) continue;
    const std::string_view name = names + table[index].st_name;
    const bool defined = table[index].st_shndx != SHN_UNDEF;
    if (name == "twinsock_node" && defined) facts.exports_node = true;
    if (name == "__asan_init") facts.address_sanitizer = true;
    if (name == "__tsan_init") facts.thread_sanitizer = true;
  }
}

}  // namespace

Expected<ElfFacts> inspect_elf(const std::string& path, const void* bytes, size_t size) {
  const View view{static_cast<const char*>(bytes), size};
  const auto* header = view.at<ElfW(Ehdr)>(0);
  if (header == nullptr || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
    return Error{path + " is no node image: allowed is a shared object (ELF)"};
  }
  const bool native = header->e_ident[EI_CLASS] == (sizeof(void*) == 8 ? ELFCLASS64 : ELFCLASS32) &&
                      (own_machine() == EM_NONE || header->e_machine == own_machine());
  if (!native) {
    return Error{path + " is for another machine (ELF machine " +
                 std::to_string(header->e_machine) +
                 "): a node image is compiled for the machine that simulates; firmware runs in "
                 "QEMU or on a board"};
  }
  if (header->e_type != ET_DYN) {
    return Error{path +
                 " is no node image: allowed is a shared object, not an object file, "
                 "archive or program at a fixed address"};
  }
  ElfFacts facts;
  const auto* sections = view.at<ElfW(Shdr)>(header->e_shoff, header->e_shnum);
  if (sections == nullptr) return Error{path + " is cut short: its section table is missing"};
  for (uint64_t index = 0; index < header->e_shnum; ++index) {
    if (sections[index].sh_type == SHT_DYNSYM && sections[index].sh_link < header->e_shnum) {
      read_symbols(view, sections[index], sections[sections[index].sh_link], facts);
    }
  }
  const auto* segments = view.at<ElfW(Phdr)>(header->e_phoff, header->e_phnum);
  if (segments == nullptr) return Error{path + " is cut short: its segment table is missing"};
  for (uint64_t index = 0; index < header->e_phnum; ++index) {
    if (segments[index].p_type != PT_LOAD) continue;
    const auto end = static_cast<size_t>(segments[index].p_offset + segments[index].p_filesz);
    facts.loaded_size = std::max(facts.loaded_size, end);
  }
  facts.coverage = contains(view, ".gcda") || contains(view, "__llvm_prf_cnts");
  return facts;
}

}  // namespace host_sim
