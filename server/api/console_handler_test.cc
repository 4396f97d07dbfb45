#include "server/api/console_handler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

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
  Response answer;
  Request request;
  match.route->async_handler(request, Responder([&](Response response) { answer = std::move(response); }));
  return answer;
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

// What stands in quotes and ends like one of our files, "./dom.js" or "style.css".
std::vector<std::string> named_files(std::string_view content) {
  std::vector<std::string> names;
  for (std::size_t open = content.find('"'); open != std::string_view::npos; open = content.find('"', open + 1)) {
    std::string_view name = content.substr(open + 1, content.find('"', open + 1) - open - 1);
    if (name.starts_with("./")) name.remove_prefix(2);
    const bool is_file = name.ends_with(".js") || name.ends_with(".css") || name.ends_with(".svg");
    if (is_file && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_.") == std::string_view::npos)
      names.emplace_back(name);
  }
  return names;
}

TEST(ConsoleHandler, every_file_that_the_page_names_is_there) {
  std::size_t found = 0;
  for (const ConsoleFile& file : console_files()) {
    for (const std::string& name : named_files(file.content)) {
      EXPECT_EQ(get("/" + name).status, 200) << file.name << " names " << name;
      ++found;
    }
  }
  EXPECT_GT(found, 10u);
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
