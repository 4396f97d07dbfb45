// ServerProcess: logs-server itself as a process of a test: on plain http, a port of the kernel's choice and a folder
// of the test's own. Ended when it is destroyed.
//
// Thread-safety: none.
#ifndef LOGS_SDK_TESTING_SERVER_PROCESS_H_
#define LOGS_SDK_TESTING_SERVER_PROCESS_H_

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "testing/file_bytes.h"
#include "testing/raw_client.h"
#include "testing/temporary_folder.h"

namespace logs_sdk::inline v1 {

class ServerProcess {
 public:
  // Ready when it returns. `program`: the path of logs-server. Its data is in `data` below the folder, what it says in
  // `log`.
  ServerProcess(std::string program, const TemporaryFolder& folder, const std::vector<std::string>& flags = {})
      : program_(std::move(program)), data_(folder.file("data")) {
    const std::string keys_file = folder.file("keys.env");
    std::vector<std::string> arguments = {program_, "--data-dir", data_, "--port", "0", "--keys-file", keys_file};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
      posix_spawn_file_actions_addopen(&actions, output, folder.file("log").c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                       0600);
    }
    const int error = posix_spawn(&pid_, program_.c_str(), &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0 || !await_keys(keys_file)) throw std::runtime_error("cannot start " + program_);
  }
  ~ServerProcess() { end(); }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  // A line of its keys file.
  const std::string& key(const std::string& name) const { return keys_.at(name); }
  std::uint16_t port() const {
    const std::string& url = keys_.at("LOGS_SERVER_URL");
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  const std::string& data_folder() const { return data_; }

  // What a reader gets for a path below /api/v1/.
  RawAnswer read(const std::string& path) const {
    RawClient client(port());
    return client.ask("GET /api/v1/" + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
                      keys_.at("LOGS_SERVER_TOKEN") + "\r\n\r\n");
  }
  // The stored entries, as a reader finds them.
  nlohmann::json entries() const { return nlohmann::json::parse(read("logs").body); }

  struct Ended {
    int code = -1;
    std::string output;
  };
  // An operator's command on its folder; `arguments` are for a shell.
  Ended operate(const std::string& arguments) const {
    Ended ended;
    FILE* const pipe = ::popen((program_ + " " + arguments + " --data-dir " + data_).c_str(), "r");
    if (pipe == nullptr) return ended;
    char piece[4096];
    for (std::size_t got; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) ended.output.append(piece, got);
    const int status = ::pclose(pipe);
    if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
    return ended;
  }

  // As an operator ends it. Idempotent.
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGTERM);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

  // NAME=VALUE, a line each.
  static void read_names(const std::string& text, std::map<std::string, std::string>& names) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      names[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
  }

 private:
  static constexpr std::chrono::seconds kPatience{30};  // far beyond what a loaded machine needs

  // It is written whole, once the server listens.
  bool await_keys(const std::string& path) {
    for (const auto end = std::chrono::steady_clock::now() + kPatience; std::chrono::steady_clock::now() < end;) {
      read_names(file_bytes(path), keys_);
      if (keys_.size() >= 6) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  const std::string program_, data_;
  pid_t pid_ = 0;
  std::map<std::string, std::string> keys_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_SERVER_PROCESS_H_
