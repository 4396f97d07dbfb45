#include "server/http/header_scanner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace logs_server {
namespace {

using namespace std::string_literals;

constexpr std::string_view kHeader = "GET / HTTP/1.1\r\nHost: a\r\nX-Any:  b \tc\r\n\r\n";

TEST(HeaderScannerTest, a_header_ends_with_its_empty_line_whatever_follows) {
  for (const char* behind : {"", "body", "\r\n\r\n", "\n", " "}) {
    HeaderScanner scanner;
    EXPECT_TRUE(scanner.scan(std::string(kHeader) + behind));
    EXPECT_EQ(scanner.end(), kHeader.size());
    EXPECT_EQ(scanner.fault(), "");
  }
}

TEST(HeaderScannerTest, no_cut_of_a_header_has_an_end) {
  for (std::size_t size = 0; size < kHeader.size(); ++size) {
    HeaderScanner scanner;
    EXPECT_FALSE(scanner.scan(kHeader.substr(0, size))) << size;
    EXPECT_TRUE(scanner.scan(kHeader)) << size;
    EXPECT_EQ(scanner.end(), kHeader.size()) << size;
  }
}

TEST(HeaderScannerTest, a_fault_is_seen_with_the_byte_that_makes_it) {
  for (const std::string& header :
       {"GET / HTTP/1.1\r\nA: b\r\n "s, "GET / HTTP/1.1\r\nA: b\r\n\t"s, "GET / HTTP/1.1\r\n "s, "GET / HTTP/1.1\n"s,
        "GET / HTTP/1.1\r\nA: b\rc"s, "GET / HTTP/1.1\r\nA: b\r\r"s, "GET / HTTP/1.1\r\nA: b\r\n\n"s, "G\0"s, " "s}) {
    HeaderScanner bytewise;
    for (std::size_t size = 1; size < header.size(); ++size) EXPECT_FALSE(bytewise.scan(header.substr(0, size)));
    EXPECT_TRUE(bytewise.scan(header)) << testing::PrintToString(header);
    HeaderScanner whole;
    EXPECT_TRUE(whole.scan(header + "whatever\r\n\r\n"));
    EXPECT_EQ(whole.fault(), bytewise.fault());
    EXPECT_NE(whole.fault(), "");
    EXPECT_EQ(whole.end(), 0u);
  }
}

// Each byte in the place of each: what is let pass has no line that another reader could see otherwise.
TEST(HeaderScannerTest, whatever_byte_stands_wherever_no_line_is_in_doubt) {
  for (std::size_t at = 0; at < kHeader.size(); ++at) {
    for (int byte = 0; byte < 256; ++byte) {
      std::string header(kHeader);
      header[at] = static_cast<char>(byte);
      HeaderScanner scanner;
      if (!scanner.scan(header) || scanner.end() == 0) continue;
      std::string lines = header.substr(0, scanner.end());
      for (std::size_t end = lines.find("\r\n"); end != std::string::npos; end = lines.find("\r\n")) {
        lines.replace(0, end + 2, "");
        EXPECT_FALSE(lines.starts_with(' ') || lines.starts_with('\t')) << testing::PrintToString(header);
      }
      EXPECT_EQ(header.substr(0, scanner.end()).find('\0'), std::string::npos);
      EXPECT_EQ(lines, "");
    }
  }
}

}  // namespace
}  // namespace logs_server
