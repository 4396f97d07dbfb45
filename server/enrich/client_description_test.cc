#include "server/enrich/client_description.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "server/enrich/client_hints.h"
#include "server/enrich/user_agents.h"

namespace logs_server {

void PrintTo(const ClientDescription& told, std::ostream* out) {
  *out << told.device_type << " | " << told.browser << " | " << told.browser_version << " | " << told.os_name << " | "
       << told.os_version;
}

namespace {

// Preparing the rules takes a while.
const UserAgents& user_agents() {
  static const UserAgents kShared;
  return kShared;
}

ClientDescription described(std::string_view user_agent) {
  RuleTime time;
  return *user_agents().describe(user_agent, time);
}

struct Case {
  std::string user_agent;
  ClientDescription expected;
};

class ClientDescriptionTest : public testing::TestWithParam<Case> {};

TEST_P(ClientDescriptionTest, a_user_agent_tells_the_five_fields) {
  EXPECT_EQ(described(GetParam().user_agent), GetParam().expected) << GetParam().user_agent;
}

const std::vector<Case> kPeople = {
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
     {"Desktop", "Chrome", "120.0.0", "Windows", "10"}},
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36 "
     "Edg/120.0.2210.91",
     {"Desktop", "Edge", "120.0.2210", "Windows", "10"}},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
     "Safari/605.1.15",
     {"Desktop", "Safari", "17.2", "Mac OS X", "10.15.7"}},
    {"Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
     {"Desktop", "Firefox", "121.0", "Ubuntu", ""}},
    {"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
     {"Desktop", "Chrome", "120.0.0", "Chrome OS", "14541.0.0"}},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.2 "
     "Mobile/15E148 Safari/604.1",
     {"Mobile", "Mobile Safari", "17.2", "iOS", "17.2"}},
    {"Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
     "Mobile/15E148 "
     "Safari/604.1",
     {"Tablet", "Mobile Safari", "16.6", "iOS", "16.6"}},
    {"Mozilla/5.0 (Linux; Android 13; SM-G991B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.6045.163 Mobile "
     "Safari/537.36",
     {"Mobile", "Chrome Mobile", "119.0.6045", "Android", "13"}},
    {"Mozilla/5.0 (Linux; Android 12; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36",
     {"Tablet", "Chrome", "119.0.0", "Android", "12"}},
    {"Mozilla/5.0 (PlayStation; PlayStation 5/2.26) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.0 "
     "Safari/605.1.15",
     {"Other", "Safari", "13.0", "", ""}},
    {"Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 "
     "ArkWeb/4.1.6.1 Mobile",
     {"Mobile", "Chrome", "114.0.0", "HarmonyOS", "5.0"}},
};

const std::vector<Case> kApplicationsAroundPages = {
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
     "MicroMessenger/8.0.44(0x18002c2f) NetType/WIFI Language/zh_CN",
     {"Mobile", "WeChat", "8.0.44", "iOS", "17.1"}},
    {"Mozilla/5.0 (Linux; Android 13; V2218A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0.5304.141 "
     "Mobile "
     "Safari/537.36 XWEB/5061 MicroMessenger/8.0.37.2380(0x28002537) WeChat/arm64 MiniProgramEnv/android",
     {"Mobile", "WeChat", "8.0.37.2380", "Android", "13"}},
    {"Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/98.0.4758.102 Safari/537.36 "
     "MicroMessenger/7.0.20.1781(0x6700143B) NetType/WIFI MiniProgramEnv/Windows WindowsWechat",
     {"Desktop", "WeChat", "7.0.20.1781", "Windows", "10"}},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
     "wxwork/4.1.9 MicroMessenger/7.0.1",
     {"Mobile", "WeCom", "4.1.9", "iOS", "16.0"}},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
     "AliApp(AP/10.5.10) AlipayClient/10.5.10 Language/zh-Hans",
     {"Mobile", "Alipay", "10.5.10", "iOS", "16.5"}},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
     "Instagram 309.0.0.28.110 (iPhone15,3; iOS 17_1)",
     {"Mobile", "Instagram", "309.0.0", "iOS", "17.1"}},
    {"ShopApp/3.2.1 (iPhone; iOS 17.1; Scale/3.00)", {"Mobile", "ShopApp", "3.2.1", "iOS", "17.1"}},
};

const std::vector<Case> kNobodyInFront = {
    {"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", {"Bot", "Googlebot", "2.1", "", ""}},
    {"Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) "
     "Chrome/119.0.0.0 "
     "Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
     {"Bot", "Googlebot", "2.1", "Android", "6.0.1"}},
    {"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", {"Bot", "bingbot", "2.0", "", ""}},
    {"curl/8.5.0", {"Bot", "curl", "8.5.0", "", ""}},
    {"python-requests/2.31.0", {"Bot", "Python Requests", "2.31", "", ""}},
    {"Go-http-client/1.1", {"Bot", "Go-http-client", "1.1", "", ""}},
    {"kube-probe/1.27", {"Bot", "kube-probe", "1.27", "", ""}},
    {"ELB-HealthChecker/2.0", {"Bot", "ELB-HealthChecker", "2.0", "", ""}},
    {"GoogleHC/1.0", {"Bot", "GoogleHC", "1.0", "", ""}},
    {"Consul Health Check", {"Bot", "Consul", "", "", ""}},
    {"axios/1.6.2", {"Bot", "axios", "1.6.2", "", ""}},
    {"Prometheus/2.48.0", {"Bot", "Prometheus", "2.48.0", "", ""}},
};

const std::vector<Case> kStrange = {
    {"", {}},
    {"-", {"Other", "", "", "", ""}},
    {"\xff\xfe\x80 nothing", {"Other", "", "", "", ""}},
    {"Mozilla/5.0", {"Other", "", "", "", ""}},
};

INSTANTIATE_TEST_SUITE_P(people, ClientDescriptionTest, testing::ValuesIn(kPeople));
INSTANTIATE_TEST_SUITE_P(applications_around_pages, ClientDescriptionTest, testing::ValuesIn(kApplicationsAroundPages));
INSTANTIATE_TEST_SUITE_P(nobody_in_front, ClientDescriptionTest, testing::ValuesIn(kNobodyInFront));
INSTANTIATE_TEST_SUITE_P(strange, ClientDescriptionTest, testing::ValuesIn(kStrange));

// -- Client hints

constexpr std::string_view kFrozenChrome =
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36";
constexpr std::string_view kFrozenAndroid =
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36";
constexpr std::string_view kFrozenMac =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 "
    "Safari/537.36";

ClientDescription with_hints(std::string_view user_agent, std::string_view headers) {
  ClientDescription told = described(user_agent);
  if (const auto hints = read_client_hints(headers)) apply(*hints, told);
  return told;
}

TEST(ClientHintsTest, full_versions_win_over_what_is_frozen_in_the_user_agent) {
  EXPECT_EQ(with_hints(kFrozenChrome,
                       R"({"sec-ch-ua":"\"Not_A Brand\";v=\"8\", \"Chromium\";v=\"120\", \"Google Chrome\";v=\"120\"",
                                         "sec-ch-ua-full-version-list":"\"Not_A Brand\";v=\"8.0.0.0\", \"Chromium\";v=\"120.0.6099.109\", \"Google Chrome\";v=\"120.0.6099.110\"",
                                         "sec-ch-ua-mobile":"?0","sec-ch-ua-platform":"\"Windows\"",
                                         "sec-ch-ua-platform-version":"\"15.0.0\""})"),
            (ClientDescription{"Desktop", "Chrome", "120.0.6099.110", "Windows", "11"}));
}

TEST(ClientHintsTest, a_major_version_alone_leaves_what_the_user_agent_said_more_precisely) {
  EXPECT_EQ(with_hints(kFrozenChrome, R"({"sec-ch-ua":"\"Chromium\";v=\"120\", \"Google Chrome\";v=\"120\""})")
                .browser_version,
            "120.0.0");
  EXPECT_EQ(with_hints(kFrozenChrome, R"({"sec-ch-ua":"\"Google Chrome\";v=\"131\""})").browser_version, "131");
}

TEST(ClientHintsTest, windows_tells_the_version_of_an_interface) {
  const auto version = [](const std::string& told) {
    return with_hints(kFrozenChrome,
                      R"({"sec-ch-ua-platform":"\"Windows\"","sec-ch-ua-platform-version":"\")" + told + R"(\""})")
        .os_version;
  };
  EXPECT_EQ(version("13.0.0"), "11");
  EXPECT_EQ(version("10.0.0"), "10");
  EXPECT_EQ(version("1.0.0"), "10");
  EXPECT_EQ(version("0.3.0"), "8.1");
  EXPECT_EQ(version("0.1"), "7");
  EXPECT_EQ(version(""), "10");  // what the user agent says
  EXPECT_EQ(version("x"), "10");
}

TEST(ClientHintsTest, systems_are_called_as_the_rules_call_them) {
  EXPECT_EQ(with_hints(kFrozenMac, R"({"sec-ch-ua-platform":"\"macOS\"","sec-ch-ua-platform-version":"\"14.2.1\""})"),
            (ClientDescription{"Desktop", "Chrome", "120.0.0", "Mac OS X", "14.2.1"}));
  EXPECT_EQ(with_hints("Mozilla/5.0 (X11; Ubuntu; Linux x86_64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36",
                       R"({"sec-ch-ua-platform":"\"Linux\"","sec-ch-ua-platform-version":"\"6.5.0\""})")
                .os_name,
            "Ubuntu");
}

TEST(ClientHintsTest, a_phone_and_a_tablet_are_told_apart_by_the_hint) {
  const ClientDescription phone = with_hints(
      kFrozenAndroid,
      R"({"Sec-CH-UA":"\"Google Chrome\";v=\"120\"","Sec-CH-UA-Mobile":"?1","Sec-CH-UA-Platform":"\"Android\"","Sec-CH-UA-Platform-Version":"\"14.0.0\"","Sec-CH-UA-Model":"\"Pixel 8\""})");
  EXPECT_EQ(phone, (ClientDescription{"Mobile", "Chrome Mobile", "120.0.0", "Android", "14"}));
  EXPECT_EQ(with_hints(kFrozenAndroid, R"({"sec-ch-ua-mobile":"?0","sec-ch-ua-platform":"\"Android\""})").device_type,
            "Tablet");
  EXPECT_EQ(with_hints("", R"({"sec-ch-ua-mobile":"?0","sec-ch-ua-model":"\"SM-X906C\""})").device_type, "Tablet");
}

TEST(ClientHintsTest, hints_are_enough_without_a_user_agent) {
  EXPECT_EQ(
      with_hints("", R"({"sec-ch-ua":"\"Microsoft Edge\";v=\"121\", \"Not A(Brand\";v=\"99\", \"Chromium\";v=\"121\"",
                              "sec-ch-ua-mobile":"?0","sec-ch-ua-platform":"\"Windows\""})"),
      (ClientDescription{"Desktop", "Edge", "121", "Windows", ""}));
}

TEST(ClientHintsTest, brands_made_up_against_guessing_are_left_aside) {
  for (const char* grease : {"Not A;Brand", "Not_A Brand", "Not)A;Brand", "(Not(A:Brand", " Not A Brand", "Not/A)Brand",
                             "Not?A_Brand", "Not:A-Brand", "Not.A/Brand"}) {
    const auto hints =
        read_client_hints(R"({"sec-ch-ua":"\")" + std::string(grease) + R"(\";v=\"99\", \"Opera\";v=\"106\""})");
    ASSERT_TRUE(hints);
    EXPECT_EQ(hints->brand, "Opera") << grease;
    EXPECT_EQ(hints->brand_version, "106") << grease;
  }
}

TEST(ClientHintsTest, an_application_and_a_program_stay_what_their_user_agents_say) {
  constexpr std::string_view kHints =
      R"({"sec-ch-ua":"\"Android WebView\";v=\"120\", \"Chromium\";v=\"120\"","sec-ch-ua-mobile":"?1"})";
  EXPECT_EQ(
      with_hints(
          "Mozilla/5.0 (Linux; Android 13; K) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/120.0.0.0 "
          "Mobile Safari/537.36 MicroMessenger/8.0.44",
          kHints)
          .browser,
      "WeChat");
  EXPECT_EQ(with_hints("curl/8.5.0", kHints), (ClientDescription{"Bot", "curl", "8.5.0", "", ""}));
}

TEST(ClientHintsTest, what_is_no_hint_changes_nothing) {
  const ClientDescription plain = described(kFrozenChrome);
  for (const char* headers :
       {"", "{}", "null", R"({"sec-ch-ua":"***"})", R"({"sec-ch-ua":["a"]})", R"({"sec-ch-ua":"\"open"})",
        R"({"sec-ch-ua":";;;v=\"1\",,"})", R"({"sec-ch-ua-platform":"\"\"","sec-ch-ua-mobile":"?2"})",
        R"({"sec-ch-ua":)", R"({"note":"sec-ch-ua"})", R"({"sec-ch-ua-arch":"\"x86\""})"}) {
    EXPECT_EQ(with_hints(kFrozenChrome, headers), plain) << headers;
  }
}

TEST(ClientHintsTest, a_hint_of_endless_length_is_none) {
  const std::string endless(100'000, 'x');
  EXPECT_EQ(with_hints(kFrozenChrome, R"({"sec-ch-ua":"\")" + endless + R"(\";v=\"1\"","sec-ch-ua-platform":"\")" +
                                          endless + R"(\""})"),
            described(kFrozenChrome));
}

}  // namespace
}  // namespace logs_server
