// VictimProcess: a program running, with what it writes to be read. Killed and awaited at the end.
#ifndef LOGS_SDK_TESTS_SDK_VICTIM_PROCESS_H_
#define LOGS_SDK_TESTS_SDK_VICTIM_PROCESS_H_

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace logs_sdk {

class VictimProcess {
 public:
  // `before`: a program that becomes the victim, with its arguments: found in PATH ({"setpriv", "--reuid=65534"}).
  VictimProcess(const std::string& program, std::vector<std::string> arguments, std::vector<std::string> environment,
                const std::vector<std::string>& before = {}) {
    arguments.insert(arguments.begin(), program);
    arguments.insert(arguments.begin(), before.begin(), before.end());
    if (pipe(output_) != 0) throw std::runtime_error("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output_[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output_[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, output_[0]);
    const int error = posix_spawnp(&pid_, arguments[0].c_str(), &actions, nullptr, pointers(arguments).data(),
                                   pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    close(output_[1]);
    if (error != 0) throw std::runtime_error("cannot start " + arguments[0]);
  }
#ifdef LOGS_SDK_VICTIM  // victim.cc
  VictimProcess(std::vector<std::string> arguments, std::vector<std::string> environment,
                const std::vector<std::string>& before = {})
      : VictimProcess(LOGS_SDK_VICTIM, std::move(arguments), std::move(environment), before) {}
#endif
  ~VictimProcess() {
    if (pid_ > 0) kill_now();
    close(output_[0]);
  }
  VictimProcess(const VictimProcess&) = delete;
  VictimProcess& operator=(const VictimProcess&) = delete;

  std::string read_line() { return read_until('\n'); }
  // Everything until it ends.
  std::string read_all() { return read_until('\0'); }
  int wait() {
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = 0;
    return status;
  }
  int kill_now() {
    ::kill(pid_, SIGKILL);
    return wait();
  }

 private:
  std::string read_until(char last) {
    std::string text;
    char c;
    while (read(output_[0], &c, 1) == 1 && c != last) text += c;
    return text;
  }
  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
  }

  pid_t pid_ = 0;
  int output_[2];
};

}  // namespace logs_sdk

#endif  // LOGS_SDK_TESTS_SDK_VICTIM_PROCESS_H_
