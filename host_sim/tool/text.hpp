// Text for people: spelling suggestions, lists, wrapped paragraphs, and the bytes of a stranger
// made harmless for a terminal.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace host_sim::tool {

// "a, b, c"
std::string joined(std::span<const std::string_view> words, std::string_view separator = ", ");

// The known word nearest to a misspelt one; "" if none is near enough to be meant.
std::string_view nearest(std::string_view word, std::span<const std::string_view> known);

// "; did you mean WORD?" or "".
std::string suggestion(std::string_view word, std::span<const std::string_view> known);

// One line without control characters: those, backslashes before them and bytes that are not UTF-8
// become \n, \t, \r or \xNN. Other text is left alone.
std::string printable(std::string_view text);

// One paragraph, filled to 80 columns behind an indent.
std::string filled(std::string_view text, std::size_t indent);

std::vector<std::string> split(std::string_view text, char separator);

// A word as a person can type it in a shell: quoted only where it has to be.
std::string shell_word(std::string_view word);

}  // namespace host_sim::tool
