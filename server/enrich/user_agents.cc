#include "server/enrich/user_agents.h"

#include <optional>

#include "server/enrich/uap_rule_set.h"
#include "src/entry/limits.h"

namespace logs_server {

struct UserAgents::Rules {
  const UapRuleSet browsers{uap_browser_rules()};
  const UapRuleSet systems{uap_os_rules()};
  const UapRuleSet devices{uap_device_rules()};
};

const UserAgents::Rules& UserAgents::rules() const {
  std::call_once(prepared_, [this] { rules_ = std::make_shared<const Rules>(); });
  return *rules_;
}

std::shared_ptr<const ClientDescription> UserAgents::describe(std::string_view user_agent, RuleTime& time) const {
  const auto ask_rules = [&](std::string_view text) -> std::optional<ClientDescription> {
    if (text.empty()) return ClientDescription{};
    if (time.left <= time.left.zero()) {
      passed_over_.fetch_add(1, std::memory_order_relaxed);
      return std::nullopt;
    }
    const Rules& all = rules();
    const std::chrono::nanoseconds begun_at = thread_time_();
    auto told = logs_server::describe(text, {all.browsers.name(text), all.systems.name(text), all.devices.name(text)});
    time.left -= thread_time_() - begun_at;
    return told;
  };
  return known_.get(user_agent.substr(0, logs_sdk::kMaxUserAgentBytes), ask_rules);
}

std::size_t UserAgents::left_out_rules() const {
  const Rules& all = rules();
  return all.browsers.left_out() + all.systems.left_out() + all.devices.left_out();
}

}  // namespace logs_server
