#include "src/json/json_escape.h"

#include <cstdio>
#include <string>

#include "gtest/gtest.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

std::string slow_escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const std::size_t at = std::string_view("\"\\\b\f\n\r\t").find(c);
    if (at != std::string_view::npos) {
      out += '\\';
      out += "\"\\bfnrt"[at];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      out += code;
    } else {
      out += c;
    }
  }
  return out;
}

// Runs one of the kernels within exactly the room it asks for, so that a sanitizer sees the first byte too many.
template <Escape kEscape>
std::string run(Escaped (*kernel)(std::string_view, char*) noexcept, const std::string& text, bool& ascii) {
  const std::unique_ptr<char[]> copy(new char[text.size()]);
  text.copy(copy.get(), text.size());
  const std::unique_ptr<char[]> out(new char[max_escaped(kEscape) * text.size() + kEscapeSlack]);
  const Escaped escaped = kernel({copy.get(), text.size()}, out.get());
  ascii = escaped.ascii;
  return {out.get(), escaped.end};
}

void check(const std::string& text) {
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  const std::string once = slow_escape(text), twice = slow_escape(once);
  bool seen = false;
  for (const auto kernel : {escape_json<Escape::kOnce>, escape_json_by_words<Escape::kOnce>}) {
    ASSERT_EQ(run<Escape::kOnce>(kernel, text, seen), once);
    ASSERT_EQ(seen, ascii);
  }
  for (const auto kernel : {escape_json<Escape::kTwice>, escape_json_by_words<Escape::kTwice>}) {
    ASSERT_EQ(run<Escape::kTwice>(kernel, text, seen), twice);
    ASSERT_EQ(seen, ascii);
  }
}

TEST(JsonEscape, every_byte_at_every_place_of_every_short_length) {
  for (std::size_t size = 1; size <= 50; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        if (byte > 0x23 && byte != '\\' && byte < 0x7E) continue;  // alike
        std::string text(size, 'x');
        text[at] = static_cast<char>(byte);
        ASSERT_NO_FATAL_FAILURE(check(text)) << size << ' ' << at << ' ' << byte;
      }
    }
  }
}

TEST(JsonEscape, texts_of_nothing_but_the_same_byte) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    for (const std::size_t size : {0u, 1u, 7u, 15u, 16u, 33u, 100u}) {
      ASSERT_NO_FATAL_FAILURE(check(std::string(size, static_cast<char>(byte))));
    }
  }
}

TEST(JsonEscape, random_texts_with_few_and_with_many_escapes) {
  SeededRandom random;
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random.below(200), ' ');
    const std::uint64_t rarity = 1 + random.below(40);
    for (char& c : text) c = random.one_in(rarity) ? static_cast<char>(random.below(0x5D)) : 'a';
    ASSERT_NO_FATAL_FAILURE(check(text));
  }
}

}  // namespace
}  // namespace logs_sdk
