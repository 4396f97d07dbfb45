#include "server/command/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "server/command/options.h"
#include "testing/file_bytes.h"
#include "testing/temporary_folder.h"

namespace logs_server {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Kind = ConfigValue::Kind;

class ConfigFileTest : public ::testing::Test {
 protected:
  void write(const std::string& text) { logs_sdk::replace_file(path_, text); }
  ParsedOptions parse(std::vector<const char*> arguments = {}) {
    arguments.insert(arguments.begin(), {"logs-server", "--config", path_.c_str()});
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
  }
  ServeOptions serve(std::vector<const char*> arguments = {}) {
    const ParsedOptions parsed = parse(std::move(arguments));
    EXPECT_TRUE(parsed.options);
    return parsed.options ? std::get<ServeOptions>(parsed.options->task) : ServeOptions{};
  }
  // What is said about a file that is refused.
  std::string refusal(const std::string& text) {
    write(text);
    ::testing::internal::CaptureStderr();
    const ParsedOptions parsed = parse();
    std::string said = ::testing::internal::GetCapturedStderr();
    EXPECT_FALSE(parsed.options);
    EXPECT_EQ(parsed.exit_code, 1);
    return said;
  }

  logs_sdk::TemporaryFolder folder_;
  const std::string path_ = folder_.file("logs-server.toml");
};

TEST_F(ConfigFileTest, values_come_with_their_lines_and_kinds) {
  write(
      "# comment\nport = 1\n\nverbose = true\nlisten = \"::1\"\npublic-host = [\n  \"a\",\n  \"b\",\n]\nx = 1.5\ny = "
      "[1]\n");
  const auto read = read_config_file(path_);
  ASSERT_TRUE(read.ok()) << read.status().message();
  std::vector<std::string> lines;
  for (const ConfigValue& value : read.value()) {
    std::string line = std::to_string(value.line) + " " + value.name + " " + kind_name(value.kind);
    for (const std::string& text : value.texts) line += " " + text;
    lines.push_back(line);
  }
  EXPECT_THAT(lines, ElementsAre("2 port an integer 1", "4 verbose true or false true", "5 listen a string ::1",
                                 "6 public-host a list of strings a b", "10 x something else", "11 y something else"));
}

TEST_F(ConfigFileTest, a_file_sets_what_neither_flag_nor_environment_sets) {
  write(
      "port = 1\nworkers = 3\ndrain = 4\nverbose = true\npublic-host = [\"a\", \"b\"]\nshared-peer = \"192.0.2.1\"\n");
  ::setenv("LOGS_SERVER_WORKERS", "5", 1);
  ::setenv("LOGS_SERVER_DRAIN", "6", 1);
  const ServeOptions options = serve({"--drain", "7"});
  ::unsetenv("LOGS_SERVER_WORKERS");
  ::unsetenv("LOGS_SERVER_DRAIN");
  EXPECT_EQ(options.port, 1);
  EXPECT_EQ(options.worker_threads, 5u);
  EXPECT_EQ(options.drain, std::chrono::seconds(7));
  EXPECT_TRUE(options.verbose);
  EXPECT_THAT(options.public_hosts, ElementsAre("a", "b"));
  EXPECT_THAT(options.shared_peers, ElementsAre("192.0.2.1"));
  EXPECT_EQ(options.max_tails, ServeOptions{}.max_tails);
}

TEST_F(ConfigFileTest, a_flag_can_be_turned_off_and_the_command_line_wins) {
  write("verbose = false\nopen-metrics = false\npublic-host = [\"a\"]\n");
  const ServeOptions options = serve({"--verbose", "--public-host", "b"});
  EXPECT_TRUE(options.verbose);
  EXPECT_FALSE(options.open_metrics);
  EXPECT_THAT(options.public_hosts, ElementsAre("b"));
}

TEST_F(ConfigFileTest, a_port_named_with_the_address_is_stronger_than_the_files) {
  write("port = 1\n");
  EXPECT_EQ(serve({"--listen", "127.0.0.1:2"}).port, 2);
  EXPECT_EQ(serve({"--listen", "127.0.0.1"}).port, 1);
  write("listen = \"127.0.0.1:3\"\n");
  EXPECT_EQ(serve().port, 3);
}

TEST_F(ConfigFileTest, an_empty_list_is_none) {
  write("public-host = []\n");
  EXPECT_TRUE(serve().public_hosts.empty());
  EXPECT_THAT(serve({"--public-host", "b"}).public_hosts, ElementsAre("b"));
}

TEST_F(ConfigFileTest, operators_commands_take_the_folder_from_it) {
  write("data-dir = \"there\"\n");
  EXPECT_EQ(parse({"project", "list"}).options->data_folder, "there");
}

TEST_F(ConfigFileTest, an_unknown_name_is_refused_with_those_that_are_known) {
  const std::string said = refusal("port = 1\nprot = 2\n");
  EXPECT_THAT(said, HasSubstr("logs-server.toml:2: prot: no such option; allowed are data-dir, listen, port, "));
  EXPECT_THAT(said, HasSubstr("verbose"));
  for (const char* name : {"config", "help", "version", "server", "\"\"", "api_key"}) {
    EXPECT_THAT(refusal(std::string(name) + " = \"x\"\n"), HasSubstr("no such option")) << name;
  }
  EXPECT_THAT(refusal("[server]\nport = 1\n"), HasSubstr("server: no such option"));
}

TEST_F(ConfigFileTest, a_value_of_another_type_is_refused_with_what_is_expected) {
  EXPECT_THAT(refusal("\n\nport = \"8600\"\n"), HasSubstr("toml:3: port: expected an integer, found a string"));
  EXPECT_THAT(refusal("listen = 7"), HasSubstr("toml:1: listen: expected a string, found an integer"));
  EXPECT_THAT(refusal("verbose = 1"), HasSubstr("verbose: expected true or false, found an integer"));
  EXPECT_THAT(refusal("public-host = [1]"), HasSubstr("public-host: expected a list of strings, found something else"));
  EXPECT_THAT(refusal("drain = 1.5"), HasSubstr("drain: expected an integer, found something else"));
}

TEST_F(ConfigFileTest, a_value_out_of_range_is_refused_with_what_is_allowed) {
  EXPECT_THAT(refusal("port = 65536"), HasSubstr("toml:1: port: Value 65536 not in range 0 to 65535"));
  EXPECT_THAT(refusal("workers = -1"), HasSubstr("not in range 1 to 64"));
  EXPECT_THAT(refusal("listen = \"localhost\""), HasSubstr("numeric IP address"));
  EXPECT_THAT(refusal("public-host = [\"a\", \"http://b\"]"), HasSubstr("expected a name or address alone"));
  EXPECT_THAT(refusal("data-dir = \"\""), HasSubstr("expected the name of a folder"));
}

TEST_F(ConfigFileTest, a_wrong_value_is_refused_even_where_a_flag_is_stronger) {
  write("port = 65536\n");
  EXPECT_FALSE(parse({"--port", "1"}).options);
}

TEST_F(ConfigFileTest, what_is_not_toml_is_refused_with_its_line) {
  EXPECT_THAT(refusal("port = 1\nlisten =\n"), HasSubstr("logs-server.toml:2: is not TOML: "));
  EXPECT_THAT(refusal("port = 1\nport = 2\n"), HasSubstr("is not TOML: "));
  EXPECT_THAT(refusal(std::string("\0\xFF", 2)), HasSubstr("is not TOML: "));
  EXPECT_THAT(refusal("a = " + std::string(100'000, '9')), HasSubstr("logs-server.toml"));
}

TEST_F(ConfigFileTest, brackets_within_brackets_are_refused_before_they_take_the_stack) {
  for (const char* bracket : {"[", "{a="}) {
    std::string text = "public-host = ";
    for (int i = 0; i < 16'000; ++i) text += bracket;
    EXPECT_THAT(refusal(text), HasSubstr("logs-server.toml: is nested too deep"));
  }
}

TEST_F(ConfigFileTest, a_file_that_cannot_be_read_is_named) {
  EXPECT_FALSE(parse().options);
  EXPECT_THAT(read_config_file(path_).status().message(), HasSubstr("cannot be read: No such file or directory"));
  EXPECT_FALSE(read_config_file(folder_.path()).ok());
  write(std::string(kMaxConfigFileBytes + 1, '#'));
  EXPECT_THAT(read_config_file(path_).status().message(), HasSubstr("is larger than 65536 bytes"));
}

}  // namespace
}  // namespace logs_server
