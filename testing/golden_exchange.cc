#include "testing/golden_exchange.h"

#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <stdexcept>
#include <tuple>

#include "testing/golden_file.h"

namespace logs_sdk::golden {
namespace {

std::filesystem::path folder() { return std::filesystem::path(LOGS_SDK_SOURCE_DIR) / "testing/golden/exchanges"; }

// Splits at the first `separator`; the second part is empty when there is none.
std::pair<std::string, std::string> split(const std::string& text, const std::string& separator) {
  const std::size_t at = text.find(separator);
  if (at == std::string::npos) return {text, ""};
  return {text.substr(0, at), text.substr(at + separator.size())};
}

WallTime time_of(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0, hour = 0, minute = 0, second = 0, us = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2uT%2u:%2u:%2u.%6uZ", &year, &month, &day, &hour, &minute, &second, &us) != 7)
    throw std::runtime_error("no time: " + text);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + std::chrono::microseconds(us);
}

const std::map<std::string, Mark> kMarks = {{"request_body_read", Mark::kRequestBodyRead},
                                            {"handler_start", Mark::kHandlerStart},
                                            {"handler_end", Mark::kHandlerEnd},
                                            {"first_byte", Mark::kFirstByte},
                                            {"last_byte", Mark::kLastByte}};

const std::map<std::string, Outcome> kOutcomes = {{"complete", Outcome::kComplete}, {"aborted", Outcome::kAborted},
                                                  {"upgraded", Outcome::kUpgraded}, {"rejected", Outcome::kRejected},
                                                  {"timeout", Outcome::kTimeout},   {"abandoned", Outcome::kAbandoned}};

// One file, line by line.
class Reader {
 public:
  explicit Reader(const std::string& name) {
    exchange_.name = name;
    exchange_.span_id = "b7ad6b7169203331";
    exchange_.started = time_of("2026-01-02T03:04:05.678901Z");
    exchange_.took_us = 12'345;
    exchange_.host = "node-1";
    exchange_.pid = "4711";
    exchange_.peer = "127.0.0.1";
    exchange_.port = 50'123;
    exchange_.protocol = "HTTP/1.1";
  }

  Exchange read() {
    for (const auto& [key, value] : assignments(folder() / (exchange_.name + ".txt"))) {
      const auto [kind, name] = split(key, " ");
      try {
        if (!name.empty() || kind.starts_with("config.")) {
          named(kind, unescaped(name), value);
        } else {
          plain_.at(kind)(value);
        }
      } catch (const std::exception& error) {
        throw std::runtime_error(exchange_.name + ".txt: " + key + " = " + value + ": " + error.what());
      }
    }
    if (exchange_.uuid.size() != 32) throw std::runtime_error(exchange_.name + ".txt: no uuid");
    return std::move(exchange_);
  }

 private:
  void named(const std::string& kind, const std::string& name, const std::string& value) {
    Handler& handler = exchange_.handler;
    if (kind.starts_with("config.")) {
      exchange_.config.emplace_back(kind.substr(7), value);
    } else if (kind == "request_header") {
      exchange_.headers.emplace_back(name, value);
    } else if (kind == "response_header") {
      handler.headers.emplace_back(name, value);
    } else if (kind == "stored") {
      exchange_.stored.emplace_back(name, value);
    } else if (kind == "mark") {
      exchange_.marks.emplace_back(kMarks.at(name), std::stoll(value));
    } else {
      handler.tags.emplace_back(name, tag_value(kind, value));
    }
  }

  static TagValue tag_value(const std::string& kind, const std::string& value) {
    if (kind == "tag") return value;
    if (kind == "tag.integer") return std::int64_t{std::stoll(value)};
    if (kind == "tag.real") return std::stod(value);
    if (kind == "tag.boolean") return value == "true";
    throw std::runtime_error("unknown name");
  }

  ForeignException& foreign() {
    if (!exchange_.foreign) exchange_.foreign.emplace();
    return *exchange_.foreign;
  }

  using Setter = std::function<void(const std::string&)>;
  Setter text(std::string& to) {
    return [&to](const std::string& value) { to = value; };
  }

  Exchange exchange_;
  const std::map<std::string, Setter> plain_ = {
      {"uuid", text(exchange_.uuid)},
      {"span_id", text(exchange_.span_id)},
      {"started", [this](auto& value) { exchange_.started = time_of(value); }},
      {"took_us", [this](auto& value) { exchange_.took_us = std::stoll(value); }},
      {"host", text(exchange_.host)},
      {"pid", text(exchange_.pid)},
      {"peer",
       [this](auto& value) {
         const auto [address, port] = split(value, " ");
         exchange_.peer = address;
         exchange_.port = std::stoi(port);
       }},
      {"tls", [this](auto& value) { std::tie(exchange_.tls_version, exchange_.tls_cipher) = split(value, " "); }},
      {"request",
       [this](auto& value) {
         const auto [method, rest] = split(value, " ");
         const std::size_t end = rest.rfind(' ');
         exchange_.method = method;
         exchange_.target = rest.substr(0, end);
         exchange_.protocol = rest.substr(end + 1);
       }},
      {"decoded_target", [this](auto& value) { exchange_.decoded = split(value, "?"); }},
      {"request_body", [this](auto& value) { exchange_.chunks.push_back(value); }},
      {"user", text(exchange_.handler.user)},
      {"session", text(exchange_.handler.session)},
      {"business_error", [this](auto& value) { exchange_.handler.business_error = value; }},
      {"upstream_status", [this](auto& value) { exchange_.handler.upstream_status = std::stoi(value); }},
      {"throw", [this](auto& value) { exchange_.handler.exceptions.push_back(split(value, ": ")); }},
      {"status", [this](auto& value) { exchange_.handler.status = std::stoi(value); }},
      {"response_body", [this](auto& value) { exchange_.handler.chunks.push_back(value); }},
      {"exception.type", [this](auto& value) { foreign().type = value; }},
      {"exception.message", [this](auto& value) { foreign().message = value; }},
      {"exception.stack", [this](auto& value) { foreign().stack = value; }},
      {"exception.location", [this](auto& value) { foreign().location = value; }},
      {"route", text(exchange_.route)},
      {"outcome", [this](auto& value) { exchange_.outcome = kOutcomes.at(value); }},
      {"not_over_http", text(exchange_.not_over_http)}};
};

[[noreturn]] void throw_one(const std::string& type, const std::string& message) {
  if (type == "std::runtime_error") throw std::runtime_error(message);
  if (type == "std::out_of_range") throw std::out_of_range(message);
  if (type == "std::invalid_argument") throw std::invalid_argument(message);
  if (type == "int") throw std::stoi(message);
  throw std::logic_error("not a type of golden exchanges: " + type);
}

// The cause within its effect.
[[noreturn]] void throw_around(const std::exception_ptr& cause, const std::string& type, const std::string& message) {
  if (cause == nullptr) throw_one(type, message);
  try {
    std::rethrow_exception(cause);
  } catch (...) {
    if (type == "std::invalid_argument") std::throw_with_nested(std::invalid_argument(message));
    std::throw_with_nested(std::runtime_error(message));
  }
}

}  // namespace

const std::vector<Exchange>& exchanges() {
  static const std::vector<Exchange> all = [] {
    std::vector<Exchange> read;
    for (const std::string& name : case_names(folder())) read.push_back(Reader(name).read());
    return read;
  }();
  return all;
}

std::filesystem::path entry_file(const Exchange& exchange) { return folder() / (exchange.name + ".json"); }

void apply_config(const Exchange& exchange, Config& config) {
  config.project_slug = "web-shop";
  config.environment = "production";
  config.service_name = "orders";
  for (const auto& [name, value] : exchange.config) config.set(name, value);
}

void tell(const Handler& handler, logs_sdk::Exchange& exchange) {
  if (!handler.user.empty()) exchange.set_user(handler.user);
  if (!handler.session.empty()) exchange.set_session(handler.session);
  for (const auto& [name, value] : handler.tags) exchange.add_tag(name, value);
  if (handler.business_error) exchange.mark_business_error(*handler.business_error);
  if (handler.upstream_status != 0) exchange.upstream_status(handler.upstream_status);
}

void throw_exception(const Handler& handler) {
  std::exception_ptr thrown;
  for (auto each = handler.exceptions.rbegin(); each != handler.exceptions.rend(); ++each) {
    try {
      throw_around(thrown, each->first, each->second);
    } catch (...) {
      thrown = std::current_exception();
    }
  }
  std::rethrow_exception(thrown);
}

}  // namespace logs_sdk::golden
