#include "src/spool/owner_identity.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>

namespace logs_sdk::inline v1 {
namespace {

constexpr std::size_t kMaxTextBytes = 4096;  // of /proc/<pid>/stat and of a lock file: both are far shorter
constexpr std::size_t kMaxHostBytes = 255;

std::string read_text(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::string text(kMaxTextBytes, '\0');
  const ssize_t got = read(fd, text.data(), text.size());
  close(fd);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

std::uint64_t parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? value : 0;
}

// Field 22; the second is a name in parentheses that may itself hold spaces and parentheses.
std::uint64_t start_ticks(std::uint64_t pid) {
  const std::string text = read_text("/proc/" + std::to_string(pid) + "/stat");
  std::size_t at = text.rfind(')');
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
  if (at == std::string::npos) return 0;
  return parse_number(std::string_view(text).substr(at + 1, text.find(' ', at + 1) - at - 1));
}

std::uint64_t this_pid_namespace() {
  struct stat status = {};
  return stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}

std::string host_name() {
  std::array<char, kMaxHostBytes + 1> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string();
}

std::string hex_of(const Uuid& uuid) {
  char digits[32];
  uuid.to_hex(digits);
  return std::string(digits, sizeof digits);
}

void assign(OwnerIdentity& identity, std::string_view name, std::string_view value) {
  if (name == "instance") identity.instance = Uuid::parse(value).value_or(Uuid{});
  if (name == "boot_id") identity.boot_id = Uuid::parse(value).value_or(Uuid{});
  if (name == "pid_namespace") identity.pid_namespace = parse_number(value);
  if (name == "pid") identity.pid = parse_number(value);
  if (name == "start_ticks") identity.start_ticks = parse_number(value);
  if (name == "host") identity.host = value.substr(0, kMaxHostBytes);
  if (name == "version") identity.version = value.substr(0, kMaxHostBytes);
}

}  // namespace

Uuid this_boot() {
  std::string text = read_text("/proc/sys/kernel/random/boot_id");
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return Uuid::parse(text).value_or(Uuid{});
}

OwnerIdentity this_process(const Uuid& instance, const std::string& version) {
  OwnerIdentity identity;
  identity.instance = instance;
  identity.boot_id = this_boot();
  identity.pid_namespace = this_pid_namespace();
  identity.pid = static_cast<std::uint64_t>(getpid());
  identity.start_ticks = start_ticks(identity.pid);
  identity.host = host_name();
  identity.version = version;
  return identity;
}

std::string encode(const OwnerIdentity& identity) {
  return "instance=" + hex_of(identity.instance) + "\nboot_id=" + hex_of(identity.boot_id) +
         "\npid_namespace=" + std::to_string(identity.pid_namespace) + "\npid=" + std::to_string(identity.pid) +
         "\nstart_ticks=" + std::to_string(identity.start_ticks) + "\nhost=" + identity.host +
         "\nversion=" + identity.version + "\n";
}

OwnerIdentity decode(std::string_view text) {
  OwnerIdentity identity;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos) assign(identity, line.substr(0, equals), line.substr(equals + 1));
  }
  return identity;
}

bool provably_alive(const OwnerIdentity& identity) {
  if (identity.boot_id == Uuid{} || identity.pid_namespace == 0 || identity.start_ticks == 0) return false;
  return identity.boot_id == this_boot() && identity.pid_namespace == this_pid_namespace() &&
         start_ticks(identity.pid) == identity.start_ticks;
}

}  // namespace logs_sdk::inline v1
