// An application that starts programs: the one of descriptor_test. The program that it starts is itself. Its
// configuration comes from the environment.
//
//     sdk_starter list      prints the descriptors that it has inherited, and what they are
//     sdk_starter ship      prints what programs inherit without the library, "with", and the same while it ships
//     sdk_starter look-up   the same while the name of the platform is looked up
//     sdk_starter race N    forks and starts programs without a pause while the library is made, ships and ends, N
//                           times; prints how many were started, and how many descriptors they inherited too many
#include <dirent.h>
#include <dlfcn.h>
#include <netdb.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <string>
#include <thread>

#include "logs_sdk/logs_sdk.h"

namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr const char* kSlowName = "platform.test";

std::atomic<bool> g_looking_up{false}, g_answered{false};

std::map<int, std::string> descriptors() {
  std::map<int, std::string> found;
  DIR* const directory = opendir("/proc/self/fd");
  while (const dirent* entry = readdir(directory)) {
    const int fd = std::atoi(entry->d_name);
    if (entry->d_name[0] == '.' || fd == dirfd(directory)) continue;
    char target[256] = {};
    if (readlinkat(dirfd(directory), entry->d_name, target, sizeof target - 1) < 0) continue;
    found.emplace(fd, target);
  }
  closedir(directory);
  return found;
}

// Each of them prints what it has inherited.
void start_programs() {
  std::cout.flush();
  static_cast<void>(std::system(("'" + std::string(SDK_STARTER) + "' list").c_str()) == 0);
  char program[] = SDK_STARTER, argument[] = "list";
  char* const arguments[] = {program, argument, nullptr};
  pid_t spawned = 0;
  if (posix_spawn(&spawned, program, nullptr, nullptr, arguments, environ) == 0) waitpid(spawned, nullptr, 0);
  const pid_t forked = fork();
  if (forked == 0) {
    execv(program, arguments);
    _exit(1);
  }
  waitpid(forked, nullptr, 0);
}

bool send_one(logs_sdk::LogSDK& logs) {
  logs_sdk::LogEntry entry;
  entry.path = "/started";
  return logs.send(entry);
}

int ship() {
  start_programs();
  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());
  if (!send_one(logs) || !logs.flush(kPatience)) return 1;
  std::cout << "with\n";
  start_programs();
  return 0;
}

int look_up() {
  start_programs();
  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());
  if (!send_one(logs)) return 1;
  g_looking_up.wait(false);
  std::cout << "with\n";
  start_programs();
  g_answered = true;
  g_answered.notify_all();
  return logs.flush(kPatience) ? 0 : 1;
}

// How many descriptors beyond `usual` a program inherits that is started now.
int excess(std::size_t usual) {
  const pid_t child = fork();
  if (child == 0) {
    execl(SDK_STARTER, SDK_STARTER, "count", std::to_string(usual).c_str(), nullptr);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

int race(int rounds) {
  // What OpenSSL opens to read its configuration, once in the life of a process, is not ours to close.
  static_cast<void>(logs_sdk::LogSDK(logs_sdk::Config::from_environment()).start());
  const std::size_t usual = descriptors().size();
  std::atomic<bool> done{false};
  int started = 0, inherited = 0;
  std::thread starts([&] {
    for (; !done; ++started) inherited += excess(usual);
  });
  for (int round = 0; round < rounds; ++round) {
    logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());
    if (!send_one(logs)) break;
    logs.close(kPatience);
  }
  done = true;
  starts.join();
  std::cout << started << ' ' << inherited << '\n';
  return 0;
}

}  // namespace

// In place of the C library's: the platform's name takes as long as the test wants, and is this machine.
extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* node, const char* service,
                                                                  const addrinfo* hints, addrinfo** result) {
  static const auto real = reinterpret_cast<decltype(&::getaddrinfo)>(dlsym(RTLD_NEXT, "getaddrinfo"));
  if (node == nullptr || std::strcmp(node, kSlowName) != 0) return real(node, service, hints, result);
  g_looking_up = true;
  g_looking_up.notify_all();
  g_answered.wait(false);
  return real("127.0.0.1", service, hints, result);
}

int main(int argc, char** argv) {
  const std::string command = argc > 1 ? argv[1] : "";
  if (command == "list") {
    for (const auto& [fd, target] : descriptors()) std::cout << fd << ' ' << target << '\n';
    return 0;
  }
  if (command == "count" && argc == 3) return static_cast<int>(descriptors().size()) - std::atoi(argv[2]);
  if (command == "ship") return ship();
  if (command == "look-up") return look_up();
  if (command == "race" && argc == 3) return race(std::atoi(argv[2]));
  return 2;
}
