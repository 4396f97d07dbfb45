// An application that throws while it serves an exchange, built in every form in which programs are built. Its
// configuration comes from the environment.
//
//     thrower throw            charge_card() throws
//     thrower plugin FILE      the function plugin_throw() of that library does
//     thrower standard         a function of the standard library does
//     thrower wait             as throw; says "ready" and waits for ever
#include <dlfcn.h>
#include <unistd.h>

#include <cstring>
#include <exception>
#include <iostream>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "tests/throw_stack/nested_throw.h"

namespace {

template <typename Handler>
void serve(logs_sdk::LogSDK& logs, Handler handler) {
  logs_sdk::Exchange exchange = logs.begin();
  exchange.request_line("GET", "/throw", "HTTP/1.1");
  try {
    handler();
  } catch (...) {
    exchange.exception(std::current_exception());
    exchange.finish();
  }
}

int throw_in_plugin(logs_sdk::LogSDK& logs, const char* file) {
  void* const library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    std::cerr << dlerror() << std::endl;
    return 1;
  }
  const auto plugin_throw = reinterpret_cast<void (*)()>(dlsym(library, "plugin_throw"));
  if (plugin_throw == nullptr) return 1;
  serve(logs, plugin_throw);
  return 0;
}

[[gnu::noinline]] int take_item(const std::vector<int>& items, std::size_t index) { return items.at(index); }

}  // namespace

int main(int argc, char** argv) {
  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());
  const auto is = [&](int count, const char* command) { return argc == count && std::strcmp(argv[1], command) == 0; };
  int result = 0;
  if (is(3, "plugin")) {
    result = throw_in_plugin(logs, argv[2]);
  } else if (is(2, "standard")) {
    serve(logs, [] { take_item({}, 7); });
  } else if (is(2, "throw") || is(2, "wait")) {
    serve(logs, [] { shop::place_order(7); });
  } else {
    return 2;
  }
  if (is(2, "wait")) {
    std::cout << "ready" << std::endl;
    for (;;) pause();
  }
  return logs.close(std::chrono::seconds(30)) ? result : 1;
}
