#include "server/api/console_handler.h"

#include <array>
#include <string>
#include <utility>

#include "server/api/console_files.h"

namespace logs_server {
namespace {

constexpr std::string_view kIndex = "index.html";

std::string_view content_type_of(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTypes = {
      {{".html", "text/html; charset=utf-8"},
       {".js", "text/javascript; charset=utf-8"},
       {".css", "text/css; charset=utf-8"},
       {".svg", "image/svg+xml"}}};
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

Response serve(const ConsoleFile& file) {
  Response response;
  response.body = file.content;
  response.with("Content-Type", std::string(content_type_of(file.name)));
  // Asked for again each time, so that page and program are always of one version.
  return response.with("Cache-Control", "no-cache");
}

}  // namespace

void add_console_routes(Router& router) {
  for (const ConsoleFile& file : console_files()) {
    Route route;
    route.method = "GET";
    route.pattern = file.name == kIndex ? "/" : "/" + std::string(file.name);
    // Not by a worker: the files are in memory, and the page must come while all workers search.
    router.add_async(std::move(route), [&file](Request&, const Responder& responder) { responder.send(serve(file)); });
  }
}

}  // namespace logs_server
