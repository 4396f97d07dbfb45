#include "server/command/operator_command.h"

#include <unistd.h>

#include "server/api/registry.h"

namespace logs_server {
namespace {

using logs_sdk::Code;
using logs_sdk::Result;
using logs_sdk::Status;

Result<std::string> new_key(Registry& registry, const std::string& project) {
  const auto keys = registry.add_key(project);
  if (!keys.ok()) return keys.status();
  return "LOGS_SDK_PROJECT_SLUG=" + project + "\nLOGS_SDK_API_KEY=" + keys.value().public_key +
         "\nLOGS_SDK_API_SECRET=" + keys.value().secret_key + "\n";
}

Status new_project(Registry& registry, const OperatorCommand& command) {
  Status status = registry.add_project(command.subject, command.allow_public_key);
  // Until then it is masked, which is the safe side.
  return status.ok() && !command.mask ? registry.set_masking(command.subject, false) : status;
}

Result<std::string> list_projects(Registry& registry) {
  const auto projects = registry.projects();
  if (!projects.ok()) return projects.status();
  std::string text;
  for (const Project& project : projects.value()) {
    text += project.slug;
    if (project.allow_public_key) text += "  (without secret)";
    if (!project.mask) text += "  (without masking)";
    text += '\n';
  }
  return text;
}

Result<std::string> new_token(Registry& registry) {
  const auto token = registry.add_token();
  if (!token.ok()) return token.status();
  return "LOGS_SERVER_TOKEN=" + token.value() + "\n";
}

Result<std::string> text_unless(const Status& status, std::string text) {
  if (!status.ok()) return status;
  return text;
}

}  // namespace

Result<std::string> run_operator_command(const std::string& data_folder, const OperatorCommand& command) {
  if (::access((data_folder + "/meta.db").c_str(), F_OK) != 0) {
    return Status(Code::kConfiguration, data_folder + ": no logs-server has used this folder; name it with --data-dir");
  }
  const auto opened = Registry::open(data_folder, logs_sdk::system_clock());
  if (!opened.ok()) return opened.status();
  Registry& registry = *opened.value();
  using Action = OperatorCommand::Action;
  switch (command.action) {
    case Action::kKeyNew:
      return new_key(registry, command.subject);
    case Action::kKeyRemove:
      return text_unless(registry.remove_key(command.subject), "removed\n");
    case Action::kProjectNew:
      return text_unless(new_project(registry, command), "made\n");
    case Action::kProjectSet:
      return text_unless(registry.set_masking(command.subject, command.mask), "changed\n");
    case Action::kProjectList:
      return list_projects(registry);
    case Action::kTokenNew:
      return new_token(registry);
    case Action::kTokenReset:
      if (Status status = registry.remove_tokens(); !status.ok()) return status;
      return new_token(registry);
  }
  return Status(Code::kInput, "unknown command");
}

}  // namespace logs_server
