// The masker's work is linear in its input, whatever the input: whoever sends requests chooses it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "src/masking/masker.h"
#include "testing/work_growth.h"

namespace logs_sdk {
namespace {

// What the scans react to: beginnings without an end, ends without a beginning, separators, escapes.
constexpr std::string_view kUnits[] = {"eyJ",
                                       "eyJaaaaaaaa.",
                                       "eyJa.eyJb.",
                                       "SG.",
                                       "sk-",
                                       "ghp_",
                                       "LTAI",
                                       "AKIA",
                                       "-----BEGIN",
                                       "-----BEGIN X",
                                       "-----",
                                       "-----END",
                                       "://",
                                       "a://b:",
                                       "@",
                                       "a:b@",
                                       "=",
                                       "a=",
                                       "a=b&",
                                       "\"",
                                       "\\",
                                       "\\\"",
                                       "\\\\\"",
                                       "'",
                                       "4111 ",
                                       "4111-",
                                       "4111111111111111",
                                       "password=",
                                       "\"password\":[",
                                       "\"password\":{",
                                       "{\"a\":",
                                       "[",
                                       "]",
                                       "{",
                                       "token:\"",
                                       "token: ",
                                       "%25",
                                       "%",
                                       "%3D",
                                       "&",
                                       "&;",
                                       ";",
                                       ",",
                                       "Bearer ",
                                       "Basic ",
                                       " ",
                                       "\n",
                                       "\r\n--b\r\n",
                                       "cookie: a=b; ",
                                       "x",
                                       "0",
                                       "\\u0070",
                                       "\xC3\xA4",
                                       "\xFF",
                                       "secret",
                                       "<password>",
                                       "<a b=\"",
                                       "<![CDATA[",
                                       "&#52;",
                                       "/*",
                                       "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n",
                                       "[part name=\"a\" size=1] \"x\"\n",
                                       "query a($b: C) { d(e: \"f\") }"};

struct Entrance {
  const char* name;
  std::function<void(const Masker&, std::string_view, std::string&)> mask;
};

const Entrance kEntrances[] = {
    {"text", [](const Masker& m, std::string_view in, std::string& out) { m.text(in, out); }},
    {"cut text", [](const Masker& m, std::string_view in, std::string& out) { m.text(in, out, Extent::kCut); }},
    {"url", [](const Masker& m, std::string_view in, std::string& out) { m.url(in, out); }},
    {"query", [](const Masker& m, std::string_view in, std::string& out) { m.query(in, out); }},
    {"cut query", [](const Masker& m, std::string_view in, std::string& out) { m.query(in, out, Extent::kCut); }},
    {"json", [](const Masker& m, std::string_view in,
                std::string& out) { m.body("application/json", in, Extent::kWhole, out); }},
    {"multipart", [](const Masker& m, std::string_view in,
                     std::string& out) { m.body("multipart/form-data; boundary=b", in, Extent::kWhole, out); }},
    {"xml",
     [](const Masker& m, std::string_view in, std::string& out) { m.body("application/xml", in, Extent::kCut, out); }},
    {"graphql", [](const Masker& m, std::string_view in,
                   std::string& out) { m.body("application/graphql", in, Extent::kCut, out); }},
    {"xml that goes on", [](const Masker& m, std::string_view in,
                            std::string& out) { m.body("", "<a>" + std::string(in), Extent::kCut, out); }},
    {"json that goes on", [](const Masker& m, std::string_view in,
                             std::string& out) { m.body("", "{\"a\":\"b\"," + std::string(in), Extent::kCut, out); }},
    {"cookie", [](const Masker& m, std::string_view in, std::string& out) { m.header("Cookie", in, out); }},
    {"referer", [](const Masker& m, std::string_view in, std::string& out) { m.header("Referer", in, out); }},
    {"header", [](const Masker& m, std::string_view in, std::string& out) { m.header("X-Any", in, out); }},
    {"value", [](const Masker& m, std::string_view in, std::string& out) { m.value("colour", in, out); }},
};

const Masker& masker() {
  static const Masker instance({"tenant*", "*pin"}, {"csrf-token"});
  return instance;
}

// Of pairs there are thousands: their texts are smaller.
constexpr std::size_t kSmallestBytes = 8192, kSmallestBytesOfPairs = 4096;

template <typename Make>
void expect_linear(const Entrance& entrance, const Make& make, const std::string& of,
                   std::size_t smallest_bytes = kSmallestBytesOfPairs) {
  std::string out;
  EXPECT_TRUE(grows_linearly(
      make,
      [&](const std::string& text) {
        out.clear();
        entrance.mask(masker(), text, out);
        EXPECT_LE(out.size(), 12 * text.size() + 64);
      },
      smallest_bytes))
      << entrance.name << " of " << of;
}

TEST(MaskerWork, the_measure_tells_a_square_from_a_line) {
  const auto make = [](std::size_t bytes) { return std::string(bytes, 'x'); };
  volatile std::size_t sink = 0;
  const auto square = [&](const std::string& text) {
    for (std::size_t from = 0; from < text.size(); ++from) {
      sink = sink +
             static_cast<std::size_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), 'y'));
    }
  };
  EXPECT_FALSE(grows_linearly(make, square, 1024));
}

TEST(MaskerWork, grows_linearly_with_any_text_that_repeats) {
  for (const Entrance& entrance : kEntrances) {
    for (const std::string_view unit : kUnits) {
      expect_linear(
          entrance, [&](std::size_t bytes) { return repeated(unit, bytes); }, std::string(unit), kSmallestBytes);
    }
  }
}

// One kind of beginning again and again, then something through which a scan for the end would run each time.
TEST(MaskerWork, grows_linearly_with_many_beginnings_before_a_long_rest) {
  for (const std::string_view beginning : kUnits) {
    for (const std::string_view rest : kUnits) {
      expect_linear(
          kEntrances[0], [&](std::size_t bytes) { return repeated(beginning, bytes / 2) + repeated(rest, bytes / 2); },
          std::string(beginning) + ", then " + std::string(rest));
    }
  }
}

// The same when the scans do find an end, and then are not content with it.
TEST(MaskerWork, grows_linearly_with_many_beginnings_before_one_end) {
  for (const std::string_view beginning : kUnits) {
    for (const std::string_view end : kUnits) {
      expect_linear(
          kEntrances[0], [&](std::size_t bytes) { return repeated(beginning, bytes) + std::string(end) + " "; },
          std::string(beginning) + ", then once " + std::string(end));
    }
  }
}

TEST(MaskerWork, grows_linearly_with_units_that_alternate) {
  for (const std::string_view one : kUnits) {
    for (const std::string_view other : kUnits) {
      expect_linear(
          kEntrances[0], [&](std::size_t bytes) { return repeated(std::string(one) + std::string(other), bytes); },
          std::string(one) + " and " + std::string(other));
    }
  }
}

}  // namespace
}  // namespace logs_sdk
