#include "server/command/options.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace logs_server {
namespace {

ParsedOptions parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "logs-server");
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

ServeOptions serve_options(std::vector<const char*> arguments) {
  const ParsedOptions parsed = parse(std::move(arguments));
  EXPECT_TRUE(parsed.options);
  return std::get<ServeOptions>(parsed.options->task);
}

OperatorCommand command(std::vector<const char*> arguments) {
  const ParsedOptions parsed = parse(std::move(arguments));
  EXPECT_TRUE(parsed.options);
  return std::get<OperatorCommand>(parsed.options->task);
}

TEST(OptionsTest, without_arguments_it_serves_on_loopback) {
  const ServeOptions serve = serve_options({});
  EXPECT_EQ(serve.address, "127.0.0.1");
  EXPECT_EQ(serve.port, 8600);
  EXPECT_TRUE(serve.public_hosts.empty());
}

TEST(OptionsTest, flags_and_environment_say_where_to_listen) {
  EXPECT_EQ(serve_options({"--listen", "0.0.0.0:0"}).port, 0);
  EXPECT_EQ(serve_options({"--listen", "::1"}).address, "::1");
  EXPECT_EQ(serve_options({"--listen", "127.0.0.1:1", "--port", "2"}).port, 2);
  ::setenv("LOGS_SERVER_PORT", "77", 1);
  EXPECT_EQ(serve_options({}).port, 77);
  EXPECT_EQ(serve_options({"--port", "78"}).port, 78);
  ::unsetenv("LOGS_SERVER_PORT");
}

TEST(OptionsTest, several_public_hosts_can_be_named) {
  EXPECT_EQ(serve_options({"--public-host", "a", "--public-host", "b,c"}).public_hosts,
            (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(serve_options({"--public-host", "logs.example.com,2001:db8::1,192.0.2.1"}).public_hosts.size(), 3U);
}

TEST(OptionsTest, a_public_host_that_could_never_match_is_refused) {
  for (const char* host : {"http://a", "a:8600", "a/b", "*.a", "a b", "a,http://b"}) {
    EXPECT_FALSE(parse({"--public-host", host}).options) << host;
  }
}

TEST(OptionsTest, limits_have_flags_and_generous_defaults) {
  const ServeOptions usual = serve_options({});
  EXPECT_EQ(usual.max_connections, 1024u);
  EXPECT_EQ(usual.max_connections_per_peer, 128u);
  EXPECT_EQ(usual.key_limits.requests_per_s, 1'000u);
  EXPECT_EQ(usual.key_limits.bytes_per_s, std::uint64_t{64} << 20);
  EXPECT_EQ(usual.key_limits.time_per_s, std::chrono::milliseconds(500));
  EXPECT_EQ(usual.max_tails, 32u);
  EXPECT_FALSE(usual.open_metrics);
  const ServeOptions serve = serve_options({"--max-connections", "50", "--max-connections-per-peer", "0",
                                            "--shared-peer", "192.0.2.1,::1", "--key-requests", "0", "--key-bytes",
                                            "1000", "--key-time", "20", "--max-tails", "0", "--open-metrics"});
  EXPECT_EQ(serve.max_connections, 50u);
  EXPECT_EQ(serve.max_connections_per_peer, 0u);
  EXPECT_EQ(serve.shared_peers, (std::vector<std::string>{"192.0.2.1", "::1"}));
  EXPECT_EQ(serve.key_limits.requests_per_s, 0u);
  EXPECT_EQ(serve.key_limits.bytes_per_s, 1'000u);
  EXPECT_EQ(serve.key_limits.time_per_s, std::chrono::milliseconds(20));
  EXPECT_EQ(serve.max_tails, 0u);
  EXPECT_TRUE(serve.open_metrics);
  for (const auto& wrong : {std::vector<const char*>{"--max-connections", "0"},
                            {"--shared-peer", "proxy.example"},
                            {"--key-bytes", "-1"},
                            {"--key-time", "2001"},
                            {"--max-tails", "x"}}) {
    EXPECT_FALSE(parse(wrong).options) << wrong[0];
  }
}

TEST(OptionsTest, commands_of_operators_are_told_apart) {
  using Action = OperatorCommand::Action;
  EXPECT_EQ(command({"key", "new", "--project", "shop"}).action, Action::kKeyNew);
  EXPECT_EQ(command({"key", "new", "--project", "shop"}).subject, "shop");
  EXPECT_EQ(command({"key", "remove", "clog_pk_1"}).subject, "clog_pk_1");
  EXPECT_TRUE(command({"project", "new", "shop", "--allow-public-key"}).allow_public_key);
  EXPECT_TRUE(command({"project", "new", "shop"}).mask);
  EXPECT_FALSE(command({"project", "new", "shop", "--no-masking"}).mask);
  EXPECT_EQ(command({"project", "set", "shop", "--masking", "off"}).action, Action::kProjectSet);
  EXPECT_FALSE(command({"project", "set", "shop", "--masking", "off"}).mask);
  EXPECT_TRUE(command({"project", "set", "shop", "--masking", "on"}).mask);
  EXPECT_EQ(command({"project", "list"}).action, Action::kProjectList);
  EXPECT_EQ(command({"token", "reset"}).action, Action::kTokenReset);
  EXPECT_EQ(parse({"token", "new", "--data-dir", "x"}).options->data_folder, "x");
}

TEST(OptionsTest, what_is_wrong_ends_with_code_1) {
  for (const std::vector<const char*>& arguments : {std::vector<const char*>{"--listen", "localhost"},
                                                    {"--listen", "1.2.3.4:x"},
                                                    {"--port", "65536"},
                                                    {"--port", "-1"},
                                                    {"--unknown"},
                                                    {"--data-dir", ""},
                                                    {"key"},
                                                    {"key", "new"},
                                                    {"key", "new", "--project", "No"},
                                                    {"--drain", "601"},
                                                    {"stray"}}) {
    const ParsedOptions parsed = parse(arguments);
    EXPECT_FALSE(parsed.options) << arguments[0];
    EXPECT_EQ(parsed.exit_code, 1) << arguments[0];
  }
  EXPECT_EQ(parse({"--help"}).exit_code, 0);
  EXPECT_EQ(parse({"--version"}).exit_code, 0);
}

TEST(OptionsTest, addresses_to_listen_on_are_read) {
  EXPECT_EQ(parse_listen("[::1]:80")->address, "::1");
  EXPECT_EQ(parse_listen("[::1]:80")->port, 80);
  EXPECT_EQ(parse_listen("[::]")->address, "::");
  EXPECT_FALSE(parse_listen("127.0.0.1")->port);
  for (const char* text : {"", ":", ":80", "[", "[]", "[::1", "[::1]x", "127.0.0.1:", "127.0.0.1:65536", "host:1"}) {
    EXPECT_FALSE(parse_listen(text)) << text;
  }
}

}  // namespace
}  // namespace logs_server
