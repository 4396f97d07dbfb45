#include "server/http/router.h"

#include <gtest/gtest.h>

namespace logs_server {
namespace {

Router example() {
  Router router;
  const auto add = [&router](std::string method, std::string pattern) {
    Route route;
    route.method = std::move(method);
    route.pattern = std::move(pattern);
    router.add(std::move(route), [](const Request&) { return Response{}; });
  };
  add("GET", "/");
  add("GET", "/api/v1/logs/{uuid}");
  add("GET", "/api/v1/logs/histogram");
  add("POST", "/api/v1/session");
  add("DELETE", "/api/v1/session");
  return router;
}

std::string pattern_of(const Router& router, std::string_view method, std::string_view path) {
  const Router::Match match = router.match(method, path);
  return match.route ? match.route->pattern : "-";
}

TEST(RouterTest, a_literal_segment_wins_over_a_placeholder) {
  const Router router = example();
  EXPECT_EQ(pattern_of(router, "GET", "/api/v1/logs/histogram"), "/api/v1/logs/histogram");
  EXPECT_EQ(pattern_of(router, "GET", "/api/v1/logs/0190"), "/api/v1/logs/{uuid}");
  EXPECT_EQ(pattern_of(router, "GET", "/"), "/");
}

TEST(RouterTest, the_value_of_a_placeholder_is_decoded) {
  const Router router = example();
  EXPECT_EQ(router.match("GET", "/api/v1/logs/a%2Fb%20c").path_values, std::vector<std::string>{"a/b c"});
}

TEST(RouterTest, a_path_that_fits_no_pattern_is_not_found) {
  const Router router = example();
  for (const char* path :
       {"/api", "/api/v1/logs/", "/api/v1/logs/a/b", "/api/v1/logs/%zz", "/api/v1/session/", "//", ""}) {
    const Router::Match match = router.match("GET", path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_EQ(match.allowed, "") << path;
  }
}

TEST(RouterTest, a_known_path_with_another_method_names_the_allowed_ones) {
  const Router router = example();
  EXPECT_EQ(router.match("PUT", "/api/v1/session").allowed, "POST, DELETE");
  EXPECT_EQ(router.match("POST", "/api/v1/logs/histogram").allowed, "GET, HEAD");
}

TEST(RouterTest, a_get_route_answers_head) {
  EXPECT_EQ(pattern_of(example(), "HEAD", "/api/v1/logs/1"), "/api/v1/logs/{uuid}");
}

}  // namespace
}  // namespace logs_server
