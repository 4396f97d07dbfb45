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
  // `command`: the program, found in PATH if need be, and its arguments.
  static VictimProcess running(std::vector<std::string> command, std::vector<std::string> environment) {
    return VictimProcess(Running(), std::move(command), std::move(environment));
  }
#ifdef LOGS_SDK_VICTIM  // victim.cc
  // `before`: a program that becomes the victim, with its arguments ({"setpriv", "--reuid=65534"}).
  VictimProcess(std::vector<std::string> arguments, std::vector<std::string> environment,
                const std::vector<std::string>& before = {})
      : VictimProcess(Running(), joined(before, std::move(arguments)), std::move(environment)) {}
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
  struct Running {};

  VictimProcess(Running, std::vector<std::string> command, std::vector<std::string> environment) {
    if (pipe(output_) != 0) throw std::runtime_error("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output_[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output_[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, output_[0]);
    const int error = posix_spawnp(&pid_, command[0].c_str(), &actions, nullptr, pointers(command).data(),
                                   pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    close(output_[1]);
    if (error != 0) throw std::runtime_error("cannot start " + command[0]);
  }
#ifdef LOGS_SDK_VICTIM
  static std::vector<std::string> joined(std::vector<std::string> before, std::vector<std::string> arguments) {
    before.emplace_back(LOGS_SDK_VICTIM);
    before.insert(before.end(), arguments.begin(), arguments.end());
    return before;
  }
#endif
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
