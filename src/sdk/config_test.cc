#include "logs_sdk/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <type_traits>

#include "src/sdk/config_options.h"
#include "testing/file_bytes.h"
#include "testing/temporary_folder.h"

namespace logs_sdk {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Config complete() {
  Config config;
  config.endpoint = "https://logs.example.com/api/v1/ingest/logs";
  config.api_key = "clog_pk_1";
  config.api_secret = "clog_sk_1";
  config.project_slug = "shop";
  return config;
}

// The message of the ConfigError that `call` throws; empty when it throws none.
template <typename Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const ConfigError& error) {
    return error.what();
  }
  return {};
}

struct OptionCase {
  const char* name;
  std::vector<std::string> allowed;
  std::vector<std::string> refused;
};

constexpr const char* kSystemCaFile = "/etc/ssl/certs/ca-certificates.crt";  // of the package ca-certificates
const std::string k64(64, 'a'), k65(65, 'a'), k512(512, 'a'), k513(513, 'a');

std::vector<OptionCase> option_cases() {
  const std::string url = "https://h/";
  return {
      {"endpoint",
       {"https://h", "HTTPS://h/p", "http://localhost:1/", "http://[::1]/", url + std::string(512 - url.size(), 'p')},
       {"h", "ftp://h/", "https://u@h/", "https://h/#f", "https://h:0/", url + std::string(513 - url.size(), 'p')}},
      {"api_key", {"k", k512}, {k513, "a b", "a\n", "a\x80"}},
      {"api_secret", {"s", k512}, {k513, "a b", "a\r\nX: y", "\x7f"}},
      {"project_slug",
       {"a", "0", "a.b_c-d", k64},
       {k65, "A", "-a", ".a", "..", "../a", "a/../b", "a b", "a/b", "a\\b", "\xc3\xa9"}},
      {"environment", {"", "staging", k512}, {k513}},
      {"service_name", {"", "orders", k512}, {k513}},
      {"buffer_size",
       {"1", "1000", "1000000"},
       {"0", "1000001", "-1", "x", "", "1.5", " 1", "1 ", "+1", "18446744073709551616"}},
      {"flush_interval",
       {"0.05", ".05", "5", "3600", "3600.000"},
       {"0.049", "3600.001", "-1", "x", "", ".", "1e3", "0.0501", "99999999999"}},
      {"max_retries", {"0", "3", "20"}, {"-1", "21", "x", "", "2147483648"}},
      {"max_body_size", {"0", "4096", "65536"}, {"65537", "-1", "x", ""}},
      {"max_stack_size", {"0", "8192", "65536"}, {"65537", "-1", "x", ""}},
      {"capture_bodies", {"true", "false", "1", "0"}, {"yes", "TRUE", "", "2"}},
      {"mask_extra", {"", "pin", "*pin*,otp", k512}, {"*", "a*b", "a,,b", k513}},
      {"mask_allow", {"", "token_count"}, {"**", "a,*"}},
      {"exclude_paths", {"", "/healthz", "/static/*, /metrics", "/*"}, {"healthz", "*", "/a,b"}},
      {"offline_dir", {"", "/var/spool/x", "relative", k512}, {k513, std::string("a\0b", 3)}},
      {"offline_max_bytes", {"1048576", "1099511627776"}, {"1048575", "1099511627777", "x", "", "1M"}},
      {"offline_max_age", {"60", "31536000"}, {"59", "31536001", "60.5", "x", ""}},
      {"sync", {"none", "interval"}, {"", "None", "always"}},
      {"timeout", {"0.1", "15", "600"}, {"0.099", "600.001", "x", ""}},
      {"ca_file", {"", kSystemCaFile}, {k513, std::string("a\0b", 3)}},
      {"proxy",
       {"", "http://p:3128", "socks5h://u:s@p:1"},
       {"p:3128", "p", "http://", "http://a b", "http://:80", "http://p:0", "http://p:x", "socks5://", "ftp://p",
        "http://p#f", "http://" + k512}},
      {"allow_http", {"true", "0"}, {"", "on"}},
      {"trusted_proxies",
       {"", "unix", "10.0.0.0/8,::1/128,192.0.2.1"},
       {"10.0.0.0/33", "x", "10.0.0.0/8,,::1", "::/129", "10.0.0/8"}},
      {"max_in_flight", {"0", "256", "65536"}, {"65537", "-1", "x", ""}},
  };
}

TEST(ConfigTest, every_option_has_its_cases) {
  std::vector<std::string> cased, known;
  for (const OptionCase& option : option_cases()) cased.emplace_back(option.name);
  for (const ConfigOption& option : config_options()) known.emplace_back(option.name);
  EXPECT_EQ(cased, known);
}

TEST(ConfigTest, values_within_the_range_are_taken_up_to_both_bounds) {
  for (const OptionCase& option : option_cases()) {
    for (const std::string& value : option.allowed) {
      Config config = complete();
      EXPECT_NO_THROW(config.set(option.name, value)) << option.name << "=" << value;
      EXPECT_NO_THROW(config.validate()) << option.name << "=" << value;
    }
  }
}

TEST(ConfigTest, values_outside_the_range_are_refused_by_name_and_change_nothing) {
  for (const OptionCase& option : option_cases()) {
    for (const std::string& value : option.refused) {
      Config config = complete();
      try {
        config.set(option.name, value);
        ADD_FAILURE() << option.name << "=" << value << " was taken";
      } catch (const ConfigError& error) {
        EXPECT_EQ(error.option(), option.name);
        EXPECT_THAT(error.what(), HasSubstr(std::string("allowed: ").append(find_config_option(option.name)->allowed)));
      }
      EXPECT_NO_THROW(config.validate()) << option.name << "=" << value;
    }
  }
}

TEST(ConfigTest, values_assigned_as_members_are_judged_alike) {
  const auto validating = [](auto change) {
    return refusal([&] {
      Config config = complete();
      change(config);
      config.validate();
    });
  };
  EXPECT_THAT(validating([](Config& c) { c.buffer_size = 0; }), HasSubstr("buffer_size"));
  EXPECT_THAT(validating([](Config& c) { c.flush_interval = std::chrono::milliseconds(49); }), HasSubstr("0.049"));
  EXPECT_THAT(validating([](Config& c) { c.max_retries = -1; }), HasSubstr("max_retries"));
  EXPECT_THAT(validating([](Config& c) { c.sync = static_cast<Sync>(7); }), HasSubstr("sync"));
  EXPECT_THAT(validating([](Config& c) { c.mask_extra = {""}; }), HasSubstr("mask_extra"));
  EXPECT_THAT(validating([](Config& c) { c.mask_extra.assign(1025, "x"); }), HasSubstr("1025 items"));
  EXPECT_THAT(validating([](Config& c) { c.trusted_proxies = {"300.0.0.1"}; }), HasSubstr("trusted_proxies"));
  EXPECT_THAT(validating([](Config& c) { c.offline_max_age = std::chrono::seconds(59); }),
              HasSubstr("offline_max_age"));
  EXPECT_EQ(validating([](Config&) {}), "");
}

// Gives an option, as a member, each value of its kind that lies just outside.
struct OutsideValues {
  const OptionCase& cases;
  std::vector<Config> operator()(const TextOption& kind) const {
    std::vector<Config> all;
    for (const std::string& value : cases.refused) {
      all.push_back(complete());
      all.back().*kind.member = value;
    }
    return all;
  }
  std::vector<Config> operator()(const ListOption& kind) const {
    std::vector<Config> all(3, complete());
    all[0].*kind.member = {""};
    all[1].*kind.member = {k513};
    (all[2].*kind.member).assign(1025, cases.allowed.back());
    return all;
  }
  template <typename Number>
  std::vector<Config> operator()(const NumberOption<Number>& kind) const {
    std::vector<Config> all{complete()};
    all.back().*kind.member = kind.max + 1;
    if (kind.min == 0 && std::is_unsigned_v<Number>) return all;
    all.push_back(complete());
    all.back().*kind.member = kind.min - 1;
    return all;
  }
  template <typename Duration>
  std::vector<Config> operator()(const DurationOption<Duration>& kind) const {
    std::vector<Config> all(4, complete());
    all[0].*kind.member = kind.min - Duration(1);
    all[1].*kind.member = kind.max + Duration(1);
    all[2].*kind.member = Duration::min();
    all[3].*kind.member = Duration::max();
    return all;
  }
  std::vector<Config> operator()(const BoolOption&) const { return {}; }
  std::vector<Config> operator()(const SyncOption& kind) const {
    std::vector<Config> all(2, complete());
    all[0].*kind.member = static_cast<Sync>(-1);
    all[1].*kind.member = static_cast<Sync>(2);
    return all;
  }
};

TEST(ConfigTest, every_member_just_outside_its_range_is_refused_by_name) {
  for (const OptionCase& cases : option_cases()) {
    const ConfigOption& option = *find_config_option(cases.name);
    for (const Config& config : std::visit(OutsideValues{cases}, option.kind)) {
      EXPECT_THAT(refusal([&] { config.validate(); }),
                  AllOf(HasSubstr(cases.name), HasSubstr(std::string("allowed: ").append(option.allowed))));
    }
  }
}

TEST(ConfigTest, what_is_required_and_missing_is_named) {
  for (const char* name : {"endpoint", "api_key", "api_secret", "project_slug"}) {
    Config config = complete();
    config.set(name, "");
    EXPECT_THAT(refusal([&] { config.validate(); }), AllOf(HasSubstr(name), HasSubstr("missing"))) << name;
  }
}

TEST(ConfigTest, plain_http_needs_loopback_or_permission) {
  Config config = complete();
  config.endpoint = "http://logs.example.com/api";
  EXPECT_THAT(refusal([&] { config.validate(); }), AllOf(HasSubstr("endpoint"), HasSubstr("allow_http")));
  config.allow_http = true;
  EXPECT_EQ(refusal([&] { config.validate(); }), "");
  config.allow_http = false;
  config.endpoint = "http://127.0.0.1:8080/api";
  EXPECT_EQ(refusal([&] { config.validate(); }), "");
}

TEST(ConfigTest, plain_http_is_not_sent_through_another_machine_without_permission) {
  Config config = complete();
  config.proxy = "http://me:hush@proxy.example.com:3128";
  EXPECT_EQ(refusal([&] { config.validate(); }), "") << "https stays within its tunnel";
  config.endpoint = "http://localhost/api";
  EXPECT_THAT(refusal([&] { config.validate(); }),
              AllOf(HasSubstr("proxy:"), HasSubstr("allow_http"), Not(HasSubstr("hush"))));
  config.allow_http = true;
  EXPECT_EQ(refusal([&] { config.validate(); }), "");
  config.allow_http = false;
  config.proxy = "http://127.0.0.1:3128";
  EXPECT_EQ(refusal([&] { config.validate(); }), "");
}

TEST(ConfigTest, a_ca_file_must_hold_a_certificate_that_can_be_read) {
  const TemporaryFolder folder;
  replace_file(folder.file("garbage.pem"), "no certificate\n");
  replace_file(folder.file("empty.pem"), "");
  std::filesystem::create_symlink(kSystemCaFile, folder.file("link.pem"));
  ASSERT_EQ(mkfifo(folder.file("fifo.pem").c_str(), 0600), 0);
  const auto refusal_of = [](const std::string& path) {
    Config config = complete();
    config.ca_file = path;
    return refusal([&] { config.validate(); });
  };
  EXPECT_EQ(refusal_of(folder.file("link.pem")), "");
  EXPECT_THAT(refusal_of(folder.file("none.pem")), AllOf(HasSubstr("ca_file: \"" + folder.file("none.pem") + "\""),
                                                         HasSubstr("No such file"), HasSubstr("allowed: ")));
  EXPECT_THAT(refusal_of(folder.file("garbage.pem")), HasSubstr("holds no certificate"));
  EXPECT_THAT(refusal_of(folder.file("empty.pem")), HasSubstr("holds no certificate"));
  EXPECT_THAT(refusal_of(folder.path()), HasSubstr("not a regular file"));
  EXPECT_THAT(refusal_of(folder.file("fifo.pem")), HasSubstr("not a regular file"));
}

TEST(ConfigTest, a_message_never_shows_a_key_or_user_info) {
  Config config = complete();
  for (const char* name : {"api_key", "api_secret"}) {
    EXPECT_THAT(refusal([&] { config.set(name, "hush hush"); }), Not(HasSubstr("hush"))) << name;
  }
  EXPECT_THAT(refusal([&] { config.set("endpoint", "https://me:hush@host/?k=hush"); }),
              AllOf(Not(HasSubstr("hush")), HasSubstr("***@host")));
  EXPECT_THAT(refusal([&] { config.set("proxy", "me:hush@host:1"); }), Not(HasSubstr("hush")));
  EXPECT_THAT(refusal([&] { config.set("proxy", "http://me:hush@host:0"); }),
              AllOf(Not(HasSubstr("hush")), HasSubstr("***@host")));
}

TEST(ConfigTest, a_message_is_one_short_line) {
  Config config = complete();
  const std::string message = refusal([&] { config.set("sync", "a\nb\x1b[31m" + std::string(10'000, 'x')); });
  EXPECT_LT(message.size(), 300u);
  EXPECT_EQ(message.find_first_of("\n\x1b"), std::string::npos);
}

TEST(ConfigTest, a_trusted_proxy_that_is_none_is_named) {
  for (const char* proxy : {"300.0.0.1", "10.0.0.0/33", "localhost", "fe80::1%eth0", "::ffff:10.0.0.0/8", "[::1]"}) {
    Config config = complete();
    EXPECT_THAT(refusal([&] { config.set("trusted_proxies", "10.0.0.0/8, unix, " + std::string(proxy)); }),
                AllOf(HasSubstr("trusted_proxies"), HasSubstr(proxy), HasSubstr("CIDR")));
    config.trusted_proxies = {"unix", proxy};
    EXPECT_THAT(refusal([&] { config.validate(); }),
                AllOf(HasSubstr("trusted_proxies"), HasSubstr(proxy), HasSubstr("CIDR")));
  }
  Config config = complete();
  config.set("trusted_proxies", " 10.0.0.0/8 ,  2001:db8::/32,unix ");
  EXPECT_THAT(config.trusted_proxies, testing::ElementsAre("10.0.0.0/8", "2001:db8::/32", "unix"));
}

TEST(ConfigTest, an_unknown_name_is_refused_with_the_known_ones) {
  Config config;
  for (const char* name : {"", "buffersize", "on_message", "ENDPOINT", "endpoint "}) {
    EXPECT_THAT(refusal([&] { config.set(name, "1"); }), AllOf(HasSubstr("no option"), HasSubstr("trusted_proxies")))
        << name;
  }
}

TEST(ConfigTest, text_forms_arrive_in_their_members) {
  Config config;
  config.set("flush_interval", "0.25");
  config.set("offline_max_age", "3600");
  config.set("sync", "interval");
  config.set("capture_bodies", "1");
  config.set("exclude_paths", "/healthz, /static/*");
  config.set("trusted_proxies", "");
  EXPECT_EQ(config.flush_interval, std::chrono::milliseconds(250));
  EXPECT_EQ(config.offline_max_age, std::chrono::hours(1));
  EXPECT_EQ(config.sync, Sync::kInterval);
  EXPECT_TRUE(config.capture_bodies);
  EXPECT_THAT(config.exclude_paths, testing::ElementsAre("/healthz", "/static/*"));
  EXPECT_TRUE(config.trusted_proxies.empty());
}

// Sets variables for one test and removes them at its end.
class EnvironmentTest : public testing::Test {
 protected:
  void set(const std::string& name, const std::string& value) {
    ASSERT_EQ(setenv(name.c_str(), value.c_str(), 1), 0);
    names_.push_back(name);
  }
  void TearDown() override {
    for (const std::string& name : names_) unsetenv(name.c_str());
  }

 private:
  std::vector<std::string> names_;
};

TEST_F(EnvironmentTest, every_option_is_read_under_its_upper_case_name) {
  for (const OptionCase& option : option_cases()) {
    std::string name(kEnvironmentPrefix);
    for (const char* c = option.name; *c != 0; ++c) name += static_cast<char>(std::toupper(*c));
    set(name, option.allowed.back());
  }
  const Config config = Config::from_environment();
  EXPECT_EQ(config.project_slug, k64);
  EXPECT_EQ(config.buffer_size, 1'000'000u);
  EXPECT_EQ(config.max_in_flight, 65'536u);
  EXPECT_NO_THROW(config.validate());
}

TEST_F(EnvironmentTest, every_value_outside_its_range_is_refused_by_its_option) {
  for (const OptionCase& option : option_cases()) {
    for (const std::string& value : option.refused) {
      if (value.find('\0') != std::string::npos) continue;  // no variable can hold it
      std::string name(kEnvironmentPrefix);
      for (const char* c = option.name; *c != 0; ++c) name += static_cast<char>(std::toupper(*c));
      ASSERT_EQ(setenv(name.c_str(), value.c_str(), 1), 0);
      EXPECT_THAT(refusal([] { Config::from_environment(); }),
                  AllOf(testing::StartsWith(option.name),
                        HasSubstr(std::string("allowed: ").append(find_config_option(option.name)->allowed))))
          << name << "=" << value;
      unsetenv(name.c_str());
    }
  }
}

TEST_F(EnvironmentTest, an_empty_environment_gives_the_defaults_and_lacks_what_is_required) {
  const Config config = Config::from_environment();
  EXPECT_EQ(config.buffer_size, 1000u);
  EXPECT_THROW(config.validate(), ConfigError);
}

TEST_F(EnvironmentTest, an_unknown_variable_is_refused_by_its_name) {
  for (const char* name : {"LOGS_SDK_BUFFERSIZE", "LOGS_SDK_", "LOGS_SDK_timeout", "LOGS_SDK_ON_MESSAGE"}) {
    ASSERT_EQ(setenv(name, "1", 1), 0);
    EXPECT_THAT(refusal([] { Config::from_environment(); }), AllOf(HasSubstr(name), HasSubstr("buffer_size"))) << name;
    unsetenv(name);
  }
}

TEST_F(EnvironmentTest, a_wrong_value_is_refused_by_its_option) {
  set("LOGS_SDK_MAX_RETRIES", "many");
  EXPECT_THAT(refusal([] { Config::from_environment(); }),
              AllOf(HasSubstr("max_retries"), HasSubstr("\"many\""), HasSubstr("0 to 20")));
}

// The default of an option as the documentation writes it.
struct DefaultText {
  Config config{};
  std::string operator()(const TextOption& kind) const { return config.*kind.member; }
  std::string operator()(const ListOption& kind) const {
    std::string text;
    for (const std::string& item : config.*kind.member) text += (text.empty() ? "" : ",") + item;
    return text;
  }
  template <typename Number>
  std::string operator()(const NumberOption<Number>& kind) const {
    return std::to_string(config.*kind.member);
  }
  template <typename Duration>
  std::string operator()(const DurationOption<Duration>& kind) const {
    std::ostringstream text;
    text << std::chrono::duration<double>(config.*kind.member).count();
    return text.str();
  }
  std::string operator()(const BoolOption& kind) const { return config.*kind.member ? "true" : "false"; }
  std::string operator()(const SyncOption& kind) const {
    return config.*kind.member == Sync::kNone ? "none" : "interval";
  }
};

TEST(ConfigDocumentTest, the_table_of_the_documentation_is_the_table_of_the_code) {
  std::ifstream file(LOGS_SDK_SOURCE_DIR "/docs/configuration.md");
  std::string page{std::istreambuf_iterator<char>(file), {}};
  page.resize(std::min(page.find("\n## "), page.size()));  // what follows are words of other kinds
  std::size_t at = 0;
  for (const ConfigOption& option : config_options()) {
    const std::string value = std::visit(DefaultText{}, option.kind);
    const std::string shown = std::get_if<TextOption>(&option.kind) && std::get<TextOption>(option.kind).required
                                  ? "required"
                              : value.empty() ? "empty"
                                              : "`" + value + "`";
    const std::string row =
        "| `" + std::string(option.name) + "` | " + shown + " | " + std::string(option.allowed) + " | ";
    const std::size_t found = page.find(row, at);
    EXPECT_NE(found, std::string::npos) << "missing, or not in this order:\n" << row;
    if (found != std::string::npos) at = found;
  }
  std::size_t rows = 0;
  for (std::size_t row = page.find("\n| `"); row != std::string::npos; row = page.find("\n| `", row + 1)) ++rows;
  EXPECT_EQ(rows, config_options().size() + 1) << "a row for each option and for on_message";
}

}  // namespace
}  // namespace logs_sdk
