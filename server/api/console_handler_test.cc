#include "server/api/console_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <string>

#include "server/api/console_files.h"

namespace logs_server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Response get(const std::string& path) {
  Router router;
  add_console_routes(router);
  const auto match = router.match("GET", path);
  if (match.route == nullptr) return error_response(404, "");
  return match.route->handler(Request());
}

std::string content_type(const Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "Content-Type") return value;
  }
  return "";
}

TEST(ConsoleHandler, serves_the_page_and_its_files) {
  EXPECT_EQ(content_type(get("/")), "text/html; charset=utf-8");
  EXPECT_THAT(get("/").body, HasSubstr("<!doctype html>"));
  EXPECT_EQ(content_type(get("/app.js")), "text/javascript; charset=utf-8");
  EXPECT_EQ(content_type(get("/style.css")), "text/css; charset=utf-8");
  EXPECT_EQ(content_type(get("/icon.svg")), "image/svg+xml");
  EXPECT_EQ(get("/nothing.js").status, 404);
}

TEST(ConsoleHandler, every_file_that_the_page_names_is_there) {
  const std::regex reference(R"re((?:href|src|from) ?=? ?"(?:\./)?([a-z_]+\.[a-z]+)")re");
  int found = 0;
  for (const ConsoleFile& file : console_files()) {
    const std::string content(file.content);
    for (std::sregex_iterator at(content.begin(), content.end(), reference), end; at != end; ++at, ++found) {
      EXPECT_EQ(get("/" + (*at)[1].str()).status, 200) << file.name << " names " << (*at)[1];
    }
  }
  EXPECT_GT(found, 10);
}

// The policy is default-src 'self': what stands inline would be ignored, and what takes markup would run stored values.
TEST(ConsoleHandler, nothing_stands_inline_and_nothing_takes_markup) {
  for (const ConsoleFile& file : console_files()) {
    const std::string content(file.content);
    for (const char* forbidden : {"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                                  " style=", "<style", "javascript:", " onclick=\""}) {
      EXPECT_THAT(content, Not(HasSubstr(forbidden))) << file.name;
    }
  }
}

}  // namespace
}  // namespace logs_server
