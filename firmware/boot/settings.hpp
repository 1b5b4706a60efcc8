// The words an image is started with: settings in front, the program's own words behind.
#pragma once

#include <span>
#include <string_view>

#include "net/network.hpp"

namespace firmware {

struct Settings {
  NetworkSettings network;
  bool has_network = true;
  std::string_view seed;  // empty: none was given
};

// Takes the settings off the front of `words`. "" if all of them make sense, else what is allowed
// for the word that `words` then begins with.
std::string_view take_settings(std::span<const std::string_view>& words, Settings& settings);

// Cuts `line` at its blanks, but not between two '"', which it takes out. The count of words, more
// than words.size() if they did not fit.
std::size_t split_words(std::span<char> line, std::span<std::string_view> words);

// A decimal number of `low` … `high`, nothing before or after it. -1: it is none.
long parse_number(std::string_view text, long low, long high);

}  // namespace firmware
