// logs-spool on folders that the library itself has written: of a process that lives, of one that was killed, and the
// letters that a platform has refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "testing/file_bytes.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"

namespace logs_sdk {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr seconds kPatience{30};
constexpr std::string_view kIban = "DE02120300000000202051";  // no secret but for who says so
constexpr int kNothingFound = 0, kFailed = 1, kFound = 3;

struct Ended {
  int code = -1;
  std::string output;  // both streams
};

Ended run(const std::string& arguments) {
  Ended ended;
  FILE* const pipe = ::popen((LOGS_SPOOL_PROGRAM " " + arguments + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return ended;
  char piece[4096];
  for (std::size_t got; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) ended.output.append(piece, got);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  return ended;
}

Json report_of(const Ended& ended) {
  EXPECT_THAT(ended.output, Not(HasSubstr(kIban)));
  return Json::parse(ended.output);
}

class LogsSpoolTest : public ::testing::Test {
 protected:
  // Nothing is shipped before it is asked for.
  Config config(const std::string& endpoint) const {
    Config config;
    config.endpoint = endpoint;
    config.api_key = "clog_pk_of_this_test";
    config.api_secret = "clog_sk_of_this_test";
    config.project_slug = "test";
    config.offline_dir = folder_.file("spool");
    config.flush_interval = std::chrono::hours(1);
    config.on_message = [](MessageLevel, std::string_view) {};
    return config;
  }
  // One exchange with an account number in its query, and one without anything.
  static void serve_two(LogSDK& logs) {
    for (const std::string& target : {"/pay?iban=" + std::string(kIban), std::string("/health")}) {
      Exchange exchange = logs.begin();
      exchange.request_line("GET", target, "HTTP/1.1");
      exchange.status(200);
      exchange.finish();
    }
  }
  static void log_infra(LogSDK& logs) {
    InfraLogEntry entry;
    entry.source_type = "database";
    entry.metadata = R"({"iban":")" + std::string(kIban) + "\"}";
    ASSERT_TRUE(logs.upload_infra_log(entry));
  }
  Ended audit(const std::string& flags = "--json --mask-extra iban") const {
    return run("audit " + folder_.file("spool") + " " + flags);
  }
  // Every file below the spool, with its bytes.
  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> found;
    for (const auto& file : fs::recursive_directory_iterator(folder_.file("spool"))) {
      if (file.is_regular_file()) found[file.path()] = file_bytes(file.path());
    }
    return found;
  }

  TemporaryFolder folder_;
  PlatformSink sink_;
};

TEST_F(LogsSpoolTest, pending_entries_of_a_living_process_are_found_and_stay_its_own) {
  LogSDK logs(config(sink_.url()));
  serve_two(logs);
  log_infra(logs);
  const auto before = files();
  EXPECT_EQ(audit("--json").code, kNothingFound);
  const Ended ended = audit();
  EXPECT_EQ(ended.code, kFound);
  const Json report = report_of(ended);
  EXPECT_EQ(report.at("entries"), 3);
  EXPECT_EQ(report.at("fields").dump(), R"({"full_url":1,"metadata":1,"query_string":1})");
  const std::string place = report.at("findings")[0].at("in");
  EXPECT_TRUE(place.ends_with("/" + logs.stats().instance)) << place;
  EXPECT_EQ(report.at("findings")[0].at("uuid").get<std::string>().size(), 32U);
  EXPECT_EQ(files(), before);
  EXPECT_THAT(run("list " + folder_.file("spool")).output,
              HasSubstr(logs.stats().instance + " lives, process " + std::to_string(getpid()) +
                        "\n    captured 3, delivered 0, duplicate 0, rejected 0, dropped 0, pending 3;"));
  EXPECT_TRUE(logs.close(kPatience)) << "the process still ships what is its own";
  EXPECT_EQ(logs.stats().spool.delivered, 3U);
  EXPECT_EQ(audit().code, kNothingFound);
}

TEST_F(LogsSpoolTest, what_a_killed_process_has_left_is_found_and_still_there_for_the_next) {
  const pid_t child = ::fork();
  if (child == 0) {
    LogSDK logs(config("http://127.0.0.1:9/api/v1/ingest/logs"));
    serve_two(logs);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  const auto before = files();
  const Ended ended = audit();
  EXPECT_EQ(ended.code, kFound);
  const Json report = report_of(ended);
  EXPECT_EQ(report.at("entries"), 2);
  EXPECT_EQ(report.at("fields").dump(), R"({"full_url":1,"query_string":1})");
  EXPECT_THAT(run("list " + folder_.file("spool")).output, HasSubstr(" dead, process " + std::to_string(child)));
  EXPECT_THAT(run("list " + folder_.file("spool")).output,
              HasSubstr("captured 2, delivered 0, duplicate 0, rejected 0, dropped 0, pending 2;"));
  EXPECT_EQ(files(), before);
}

TEST_F(LogsSpoolTest, dead_letters_are_found_where_they_lie) {
  sink_.server().next({.status = 422});
  {
    LogSDK logs(config(sink_.url()));
    LogEntry entry;
    entry.query_string = "iban=" + std::string(kIban);
    ASSERT_TRUE(logs.send(entry));
    ASSERT_TRUE(logs.close(kPatience));
  }
  const Ended ended = audit();
  EXPECT_EQ(ended.code, kFound);
  const Json report = report_of(ended);
  ASSERT_EQ(report.at("findings").size(), 1U);
  EXPECT_THAT(report.at("findings")[0].at("in").get<std::string>(), HasSubstr("/deadletter/"));
  EXPECT_EQ(report.at("fields").dump(), R"({"query_string":1})");
  EXPECT_THAT(run("list " + folder_.file("spool")).output, HasSubstr("  dead letters 1\n"));
  EXPECT_EQ(report_of(audit("--json --mask-extra iban --since 1h")).at("found"), 1);
  EXPECT_EQ(report_of(audit("--json --mask-extra iban --since 0s")).at("found"), 0);
}

TEST_F(LogsSpoolTest, a_damaged_segment_is_read_as_far_as_it_can_be_and_a_torn_letter_makes_the_answer_incomplete) {
  sink_.server().next({.status = 422});
  {
    LogSDK logs(config(sink_.url()));
    LogEntry entry;
    ASSERT_TRUE(logs.send(entry));
    ASSERT_TRUE(logs.close(kPatience));
  }
  for (const auto& [path, bytes] : files()) {
    if (path.ends_with(".ndjson")) fs::resize_file(path, bytes.size() / 2);
  }
  const Ended ended = audit();
  EXPECT_EQ(ended.code, kFailed);
  EXPECT_EQ(report_of(ended).at("unreadable"), 1);
}

TEST_F(LogsSpoolTest, any_folder_between_the_parent_and_the_project_may_be_named) {
  LogSDK logs(config(sink_.url()));
  serve_two(logs);
  const fs::path parent = folder_.file("spool");
  const fs::path user = parent / std::to_string(geteuid());
  const fs::path key = fs::directory_iterator(user)->path();
  for (const fs::path& named : {parent, user, key, key / "v1"}) {
    EXPECT_EQ(run("audit " + named.string() + " --mask-extra iban").code, kFound) << named;
    EXPECT_THAT(run("list " + named.string() + "/").output, HasSubstr(logs.stats().instance));
  }
}

// The folder of this user beside offline_dir; what has been put in the place of offline_dir hides nothing of it.
TEST_F(LogsSpoolTest, a_users_folder_beside_the_one_that_is_named_is_shown_with_it) {
  const std::string named = folder_.file("spool"), user = std::to_string(geteuid()), beside = named + "-" + user;
  Config in_it = config(sink_.url());
  {
    LogSDK logs(in_it);
    serve_two(logs);
  }
  in_it.offline_dir = beside;
  LogSDK logs(in_it);
  serve_two(logs);
  fs::create_directory(named + "-old");
  const Ended both = run("list " + named);
  EXPECT_EQ(both.code, 0) << both.output;
  EXPECT_THAT(both.output, HasSubstr(beside + "/" + user + "/"));
  EXPECT_THAT(both.output, HasSubstr(named + "/" + user + "/"));
  EXPECT_THAT(both.output, HasSubstr(logs.stats().instance));
  fs::remove_all(named + "/" + user);
  std::ofstream(named + "/" + user) << "in the way";
  EXPECT_THAT(run("list " + named).output, HasSubstr(logs.stats().instance));
  fs::remove_all(named);
  std::ofstream(named) << "in the way";
  const Json report = report_of(run("audit " + named + " --json --mask-extra iban"));
  EXPECT_EQ(report.at("entries"), 2);
  EXPECT_TRUE(report.at("findings")[0].at("in").get<std::string>().starts_with("spool-" + user + "/" + user + "/"));
}

TEST_F(LogsSpoolTest, a_folder_without_a_spool_and_options_it_does_not_know_are_errors_with_a_sentence) {
  EXPECT_THAT(run("audit " + folder_.path()).output, HasSubstr("no spool is in this folder"));
  for (const std::string& arguments : {"audit " + folder_.path(), "list " + folder_.file("nowhere"),
                                       std::string("audit"), std::string(), "list --mask-extra x " + folder_.path()}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.code, kFailed) << arguments;
    EXPECT_NE(ended.output, "") << arguments;
  }
}

std::set<std::string> options_in(const std::string& text, const std::string& pattern) {
  const std::regex option(pattern, std::regex::multiline);
  std::set<std::string> found;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), option); match != std::sregex_iterator(); ++match) {
    found.insert((*match)[1]);
  }
  return found;
}

TEST(LogsSpoolPage, explains_every_option_of_the_audit) {
  const std::string page = file_bytes(LOGS_SDK_SOURCE_DIR "/docs/operations.md");
  const std::size_t begin = page.find("\n## Audit\n");
  ASSERT_NE(begin, std::string::npos);
  std::set<std::string> explained =
      options_in(page.substr(begin, page.find("\n## ", begin + 1) - begin), "^\\| `--([a-z-]+)");
  explained.erase("project");  // of the store only
  std::set<std::string> known = options_in(run("audit --help").output, "^ *(?:-[a-z],)?--([a-z-]+)");
  known.erase("help");
  EXPECT_EQ(explained, known);
}

}  // namespace
}  // namespace logs_sdk
