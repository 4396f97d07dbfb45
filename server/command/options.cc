#include "server/command/options.h"

#include <arpa/inet.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <charconv>
#include <iostream>

#include "server/api/registry.h"
#include "server/command/config_file.h"
#include "src/audit/audit_flags.h"

namespace logs_server {
namespace {

using logs_sdk::Status;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), port);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return port;
}

bool is_numeric(const std::string& address) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(AF_INET, address.c_str(), bytes) == 1 || inet_pton(AF_INET6, address.c_str(), bytes) == 1;
}

std::string check_listen(const std::string& text) {
  return parse_listen(text) ? "" : "expected ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT with a numeric IP address";
}

// As it stands in Host, where scheme and port would never match.
std::string check_host(const std::string& text) {
  const bool is_name = !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
  });
  return is_name || is_numeric(text) ? "" : "expected a name or address alone, without scheme, port, path or *";
}

std::string check_slug(const std::string& text) {
  return is_project_slug(text) ? "" : "expected a project slug, [a-z0-9][a-z0-9._-]{0,63}";
}

// What the flags are read into before it is known which task they belong to.
struct Flags {
  std::string listen;
  std::optional<std::uint16_t> port;
  std::string config_file;
  std::uint64_t drain_seconds = 10;
  ServeOptions serve;
  OperatorCommand command;
  AuditCommand audit;
};

void add_limit_flags(CLI::App& app, ServeOptions& serve) {
  app.add_option("--max-connections", serve.max_connections,
                 "connections at once; beyond them those make room whose request was not let through (default 1024)")
      ->envname("LOGS_SERVER_MAX_CONNECTIONS")
      ->check(CLI::Range(1, 100'000));
  app.add_option("--max-connections-per-peer", serve.max_connections_per_peer,
                 "connections of one address, 0: no bound (default 128); loopback is exempt")
      ->envname("LOGS_SERVER_MAX_CONNECTIONS_PER_PEER")
      ->check(CLI::Range(0, 100'000));
  app.add_option(
         "--shared-peer", serve.shared_peers,
         "numeric address that many clients come from, such as a reverse proxy's: they are told apart by what it "
         "writes into X-Forwarded-For; may be given several times")
      ->envname("LOGS_SERVER_SHARED_PEER")
      ->delimiter(',')
      ->check([](const std::string& text) { return is_numeric(text) ? "" : "expected a numeric IP address"; });
  app.add_option("--key-requests", serve.key_limits.requests_per_s,
                 "posts a second that one ingest key may send, 0: no limit (default 1000)")
      ->envname("LOGS_SERVER_KEY_REQUESTS")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1'000'000}));
  app.add_option("--key-bytes", serve.key_limits.bytes_per_s,
                 "decoded bytes a second that one ingest key may send, 0: no limit (default 67108864)")
      ->envname("LOGS_SERVER_KEY_BYTES")
      ->check(CLI::Range(std::uint64_t{0}, std::uint64_t{1} << 40));
  app.add_option_function<int>(
         "--key-time", [&serve](int time) { serve.key_limits.time_per_s = std::chrono::milliseconds(time); },
         "milliseconds of one thread that the posts of one ingest key may take a second, 0: no limit (default 500)")
      ->envname("LOGS_SERVER_KEY_TIME")
      ->check(CLI::Range(0, 2'000));
  app.add_option("--max-tails", serve.max_tails, "readers that follow what arrives, at once (default 32)")
      ->envname("LOGS_SERVER_MAX_TAILS")
      ->check(CLI::Range(0, 10'000));
}

// As files of the MaxMind format name them.
std::string check_language(const std::string& text) {
  const bool is_tag =
      text.size() >= 2 && text.size() <= 16 &&
      std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; });
  return is_tag ? "" : "expected a language such as en, de or zh-CN";
}

void add_geo_flags(CLI::App& app, ServeOptions& serve) {
  app.add_option("--geo-city", serve.geo_city_file,
                 "file of the MaxMind format that tells country, province and city of an address; a new one is taken "
                 "up while the server runs")
      ->envname("LOGS_SERVER_GEO_CITY");
  app.add_option("--geo-isp", serve.geo_isp_file, "the same for the provider (ISP or ASN)")
      ->envname("LOGS_SERVER_GEO_ISP");
  app.add_option("--geo-language", serve.geo_language,
                 "language of the names, where the file has them in it (default en)")
      ->envname("LOGS_SERVER_GEO_LANGUAGE")
      ->check(check_language);
}

void add_serve_flags(CLI::App& app, Flags& flags) {
  app.add_option("--listen", flags.listen, "numeric address to listen on, also with a port (default 127.0.0.1)")
      ->envname("LOGS_SERVER_LISTEN")
      ->check(check_listen);
  app.add_option("--port", flags.port, "port to listen on, 0: any that is free (default 8600)")
      ->envname("LOGS_SERVER_PORT")
      ->check(CLI::Range(0, 65535));
  app.add_option("--public-host", flags.serve.public_hosts,
                 "name by which clients call this server, besides localhost; may be given several times")
      ->envname("LOGS_SERVER_PUBLIC_HOST")
      ->delimiter(',')
      ->check(check_host);
  app.add_option(
         "--keys-file", flags.serve.keys_file,
         "write address, project, keys and token there when the server is ready, as NAME=VALUE, for its owner only")
      ->envname("LOGS_SERVER_KEYS_FILE");
  app.add_option("--workers", flags.serve.worker_threads, "threads that read and search (default 2)")
      ->envname("LOGS_SERVER_WORKERS")
      ->check(CLI::Range(1, 64));
  app.add_option("--drain", flags.drain_seconds, "seconds that running requests have at the end (default 10)")
      ->envname("LOGS_SERVER_DRAIN")
      ->check(CLI::Range(0, 600));
  add_limit_flags(app, flags.serve);
  add_geo_flags(app, flags.serve);
  app.add_flag("--open-metrics", flags.serve.open_metrics,
               "show the metrics to whoever asks from this machine, without a token")
      ->envname("LOGS_SERVER_OPEN_METRICS");
  app.add_flag("--verbose", flags.serve.verbose, "log every request, by its route and status")
      ->envname("LOGS_SERVER_VERBOSE");
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help,
                      OperatorCommand::Action action, OperatorCommand& command) {
  CLI::App* const added = parent.add_subcommand(name, help)->fallthrough();
  added->callback([&command, action] { command.action = action; });
  return added;
}

void add_operator_commands(CLI::App& app, OperatorCommand& command) {
  using Action = OperatorCommand::Action;
  CLI::App& key = *app.add_subcommand("key", "ingest keys")->fallthrough()->require_subcommand(1);
  add_command(key, "new", "make a key pair and print it, once", Action::kKeyNew, command)
      ->add_option("--project", command.subject, "its project")
      ->required()
      ->check(check_slug);
  add_command(key, "remove", "refuse a key from now on", Action::kKeyRemove, command)
      ->add_option("public_key", command.subject, "clog_pk_...")
      ->required();

  CLI::App& project = *app.add_subcommand("project", "projects")->fallthrough()->require_subcommand(1);
  CLI::App& project_new = *add_command(project, "new", "make a project", Action::kProjectNew, command);
  project_new.add_option("slug", command.subject, "its name")->required()->check(check_slug);
  project_new.add_flag("--allow-public-key", command.allow_public_key,
                       "accept its entries without the secret, for clients that never send it");
  project_new.add_flag("!--no-masking", command.mask, "keep secrets in its entries as they come");
  CLI::App& project_set = *add_command(project, "set", "change a project", Action::kProjectSet, command);
  project_set.add_option("slug", command.subject, "its name")->required()->check(check_slug);
  project_set.add_option("--masking", command.mask, "on or off: whether secrets in its entries are masked")->required();
  add_command(project, "list", "list the projects", Action::kProjectList, command);

  CLI::App& token = *app.add_subcommand("token", "tokens for reading")->fallthrough()->require_subcommand(1);
  add_command(token, "new", "make a token and print it, once", Action::kTokenNew, command);
  add_command(token, "reset", "end every token and session, make a new token", Action::kTokenReset, command);
}

void add_audit_command(CLI::App& app, AuditCommand& audit) {
  CLI::App& added =
      *app.add_subcommand("audit", "list the stored entries that changed rules of masking would change")->fallthrough();
  logs_sdk::add_audit_flags(added, audit.options);
  added.add_option("--project", audit.project_slug, "of this project only")->check(check_slug);
}

// -- The configuration file

// What stands on the command line only.
bool is_of_file(const CLI::Option& option) {
  const std::string& name = option.get_lnames().front();
  return name != "help" && name != "version" && name != "config";
}

std::string names_of_file(const CLI::App& app) {
  std::string names;
  for (const CLI::Option* option : app.get_options()) {
    if (is_of_file(*option)) names += (names.empty() ? "" : ", ") + option->get_lnames().front();
  }
  return names;
}

// The kind of value an option takes in the file. A list may also be a single string.
ConfigValue::Kind kind_of(const CLI::Option& option) {
  using Kind = ConfigValue::Kind;
  if (option.get_items_expected_max() == 0) return Kind::kBoolean;
  if (option.get_items_expected_max() > 1) return Kind::kStrings;
  return option.get_type_name().starts_with("TEXT") ? Kind::kString : Kind::kInteger;
}

bool fits(ConfigValue::Kind found, ConfigValue::Kind wanted) {
  return found == wanted || (wanted == ConfigValue::Kind::kStrings && found == ConfigValue::Kind::kString);
}

// Empty, or why the value cannot be taken.
std::string apply(const ConfigValue& value, const CLI::App& app, CLI::Option* option) {
  if (option == nullptr || !is_of_file(*option)) return "no such option; allowed are " + names_of_file(app);
  const ConfigValue::Kind wanted = kind_of(*option);
  if (!fits(value.kind, wanted)) return "expected " + kind_name(wanted) + ", found " + kind_name(value.kind);
  if (value.texts.empty()) return "";  // an empty list
  // Set already by a flag or the environment, which are stronger. What the file says must be right all the same.
  const CLI::results_t stronger = option->results();
  try {
    option->clear();
    option->add_result(value.texts);
    option->run_callback();
    if (stronger.empty()) return "";
    option->clear();
    option->add_result(stronger);
    option->run_callback();
  } catch (const CLI::ParseError& error) {
    const std::string problem = error.what();
    const std::string named = option->get_name() + ": ";
    return problem.starts_with(named) ? problem.substr(named.size()) : problem;
  }
  return "";
}

Status apply_config_file(const std::string& path, CLI::App& app) {
  const auto values = read_config_file(path);
  if (!values.ok()) return values.status();
  for (const ConfigValue& value : values.value()) {
    const std::string problem = apply(value, app, app.get_option_no_throw("--" + value.name));
    if (problem.empty()) continue;
    return {logs_sdk::Code::kConfiguration,
            path + ":" + std::to_string(value.line) + ": " + value.name + ": " + problem};
  }
  return {};
}

ServeOptions serve_options(const Flags& flags) {
  ServeOptions serve = flags.serve;
  if (const auto listen = parse_listen(flags.listen)) {
    serve.address = listen->address;
    serve.port = listen->port.value_or(serve.port);
  }
  serve.port = flags.port.value_or(serve.port);
  serve.drain = std::chrono::seconds(flags.drain_seconds);
  return serve;
}

}  // namespace

std::optional<ListenAddress> parse_listen(std::string_view text) {
  std::string_view address = text;
  std::optional<std::uint16_t> port;
  const std::size_t colon = text.rfind(':');
  const bool bracketed = text.starts_with('[');
  // Colons of their own stand in an IPv6 address, so there a port needs brackets.
  if (colon != std::string_view::npos && (bracketed ? text[colon - 1] == ']' : text.find(':') == colon)) {
    port = parse_port(text.substr(colon + 1));
    if (!port) return std::nullopt;
    address = text.substr(0, colon);
  }
  if (bracketed) {
    if (!address.ends_with(']')) return std::nullopt;
    address = address.substr(1, address.size() - 2);
  }
  ListenAddress listen{.address = std::string(address), .port = port};
  if (!is_numeric(listen.address)) return std::nullopt;
  return listen;
}

ParsedOptions parse_options(int argc, const char* const* argv) {
  CLI::App app("logs-server keeps the entries that the logs SDKs send, and shows them.", "logs-server");
  app.set_version_flag("--version", "logs-server " LOGS_SERVER_VERSION);
  app.require_subcommand(0, 1);
  ParsedOptions parsed;
  Options options;
  Flags flags;
  app.add_option("--data-dir,--data", options.data_folder, "folder for everything that is kept (default logs-data)")
      ->envname("LOGS_SERVER_DATA_DIR")
      ->check([](const std::string& folder) { return folder.empty() ? "expected the name of a folder" : ""; });
  app.add_option("--config", flags.config_file,
                 "TOML file that holds any of these by their names, without dashes in front")
      ->envname("LOGS_SERVER_CONFIG");
  add_serve_flags(app, flags);
  add_operator_commands(app, flags.command);
  add_audit_command(app, flags.audit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    parsed.exit_code = app.exit(error) == 0 ? 0 : 1;
    return parsed;
  }
  if (!flags.config_file.empty()) {
    const bool port_named = parse_listen(flags.listen).value_or(ListenAddress{}).port.has_value();
    const std::optional<std::uint16_t> port = flags.port;
    if (Status applied = apply_config_file(flags.config_file, app); !applied.ok()) {
      std::cerr << "logs-server: " << applied.message() << '\n';
      parsed.exit_code = 1;
      return parsed;
    }
    if (port_named) flags.port = port;  // a port named with --listen is stronger than one of the file
  }
  if (app.get_subcommands().empty()) {
    options.task = serve_options(flags);
  } else if (app.got_subcommand("audit")) {
    options.task = flags.audit;
  } else {
    options.task = flags.command;
  }
  parsed.options = std::move(options);
  return parsed;
}

}  // namespace logs_server
