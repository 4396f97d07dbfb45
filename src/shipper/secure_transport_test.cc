// TLS and proxies, with real servers, a real proxy and certificates made for each test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "src/shipper/curl_transport.h"
#include "testing/file_bytes.h"
#include "testing/forward_proxy.h"
#include "testing/scripted_http_server.h"
#include "testing/tls_front.h"

namespace logs_sdk {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kHost = "logs.example.test";  // nobody but our proxy knows it
constexpr const char* kSecret = "clog_sk_never_to_be_seen";

class SecureTransportTest : public testing::Test {
 protected:
  Result<HttpResponse> post(const std::string& url, const CurlOptions& options) {
    HttpRequest request;
    request.url = url;
    request.headers = {{"X-API-Key", "clog_pk_1"}, {"X-API-Secret", kSecret}};
    request.body = "a body";
    return make_curl_transport(options)->post(request, std::chrono::steady_clock::now() + seconds(60));
  }
  CurlOptions trusting() {
    replace_file(folder_.file("ca.pem"), authority_.certificate());
    return {.ca_file = folder_.file("ca.pem")};
  }
  // The message of the refusal; nothing has reached the server.
  std::string refusal(const TestCertificate& certificate, TlsVersions versions = TlsVersions::kModern) {
    const TlsFront front(server_.port(), certificate, versions);
    const Result<HttpResponse> result = post(front.url(), trusting());
    EXPECT_EQ(result.status().code(), Code::kRetry);
    EXPECT_TRUE(server_.requests().empty());
    return result.status().message();
  }
  // With that variable for the rest of the test.
  void set_environment(const std::string& name, const std::string& value) {
    ASSERT_EQ(setenv(name.c_str(), value.c_str(), 1), 0);
    variables_.push_back(name);
  }
  void TearDown() override {
    for (const std::string& name : variables_) unsetenv(name.c_str());
  }

  TemporaryFolder folder_;
  TestAuthority authority_;
  ScriptedHttpServer server_;

 private:
  std::vector<std::string> variables_;
};

// -- Certificates

TEST_F(SecureTransportTest, a_certificate_of_an_authority_in_ca_file_is_taken) {
  const TlsFront front(server_.port(), authority_.issue());
  const Result<HttpResponse> result = post(front.url(), trusting());
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(result.value().status, 200);
  EXPECT_EQ(server_.requests().at(0).body, "a body");
  EXPECT_EQ(server_.requests().at(0).headers.at("x-api-secret"), kSecret);
}

TEST_F(SecureTransportTest, a_certificate_of_an_unknown_authority_is_refused) {
  EXPECT_THAT(refusal(TestAuthority("Somebody else").issue()), HasSubstr("certificate"));
}

TEST_F(SecureTransportTest, an_authority_of_the_same_name_with_another_key_is_refused) {
  EXPECT_THAT(refusal(TestAuthority().issue()), HasSubstr("certificate"));
}

TEST_F(SecureTransportTest, without_ca_file_the_authority_of_a_test_is_unknown) {
  const TlsFront front(server_.port(), authority_.issue());
  EXPECT_THAT(post(front.url(), {}).status().message(), HasSubstr("certificate"));
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(SecureTransportTest, a_certificate_for_another_host_is_refused) {
  EXPECT_THAT(refusal(authority_.issue({.hosts = {kHost, "127.0.0.2"}})), HasSubstr("127.0.0.1"));
}

TEST_F(SecureTransportTest, an_expired_certificate_is_refused) {
  EXPECT_THAT(refusal(authority_.issue({.begins = hours(-2), .ends = hours(-1)})), HasSubstr("expired"));
}

TEST_F(SecureTransportTest, a_certificate_that_is_not_yet_valid_is_refused) {
  EXPECT_THAT(refusal(authority_.issue({.begins = hours(1), .ends = hours(2)})), HasSubstr("not yet valid"));
}

TEST_F(SecureTransportTest, a_self_signed_certificate_is_refused) {
  EXPECT_THAT(refusal(self_signed()), HasSubstr("self-signed"));
}

TEST_F(SecureTransportTest, a_server_that_speaks_tls_1_1_only_is_refused) {
  EXPECT_THAT(refusal(authority_.issue(), TlsVersions::kOld), HasSubstr("SSL"));
}

TEST_F(SecureTransportTest, nothing_older_than_tls_1_2_is_offered) {
  const TlsFront front(server_.port(), authority_.issue());
  ASSERT_TRUE(post(front.url(), trusting()).ok());
  EXPECT_EQ(front.oldest_offered(), 0x0303);
}

TEST_F(SecureTransportTest, a_server_without_tls_behind_an_https_url_is_a_failure) {
  const Result<HttpResponse> result = post("https://127.0.0.1:" + std::to_string(server_.port()) + "/", trusting());
  EXPECT_EQ(result.status().code(), Code::kRetry);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(SecureTransportTest, a_ca_file_that_is_gone_or_holds_no_certificate_fails_every_request_and_is_named) {
  const TlsFront front(server_.port(), authority_.issue());
  replace_file(folder_.file("garbage.pem"), "-----BEGIN CERTIFICATE-----\nnothing\n-----END CERTIFICATE-----\n");
  for (const char* name : {"none.pem", "garbage.pem"}) {
    const Result<HttpResponse> result = post(front.url(), {.ca_file = folder_.file(name)});
    EXPECT_EQ(result.status().code(), Code::kRetry);
    EXPECT_THAT(result.status().message(), HasSubstr(folder_.file(name)));
  }
  EXPECT_EQ(front.handshakes(), 0);
}

TEST_F(SecureTransportTest, a_ca_file_that_is_replaced_counts_for_the_next_connection) {
  const TlsFront front(server_.port(), authority_.issue());
  const auto transport = make_curl_transport(trusting());
  HttpRequest request;
  request.url = front.url();
  replace_file(folder_.file("ca.pem"), TestAuthority("Somebody else").certificate());
  EXPECT_FALSE(transport->post(request, std::chrono::steady_clock::now() + seconds(60)).ok());
  trusting();
  EXPECT_TRUE(transport->post(request, std::chrono::steady_clock::now() + seconds(60)).ok());
}

TEST_F(SecureTransportTest, a_platform_that_hangs_up_in_the_middle_of_a_body_is_a_failure) {
  const TlsFront front(server_.port(), authority_.issue());
  const std::string body(8 << 20, 'x');
  HttpRequest request;
  request.url = front.url();
  request.body = body;
  server_.next({.behaviour = ScriptedReply::Behaviour::kResetInRequest});
  const auto transport = make_curl_transport(trusting());
  EXPECT_FALSE(transport->post(request, std::chrono::steady_clock::now() + seconds(60)).ok());
  EXPECT_TRUE(transport->post(request, std::chrono::steady_clock::now() + seconds(60)).ok());
}

// -- Proxies

TEST_F(SecureTransportTest, https_goes_through_the_tunnel_of_a_proxy_that_never_sees_a_key) {
  const ForwardProxy proxy;
  const TlsFront front(server_.port(), authority_.issue({.hosts = {kHost}}));
  CurlOptions options = trusting();
  options.proxy = proxy.url("me:hush@");
  const Result<HttpResponse> result = post(front.url("/api", kHost), options);
  ASSERT_TRUE(result.ok()) << result.status().message();
  EXPECT_EQ(server_.requests().at(0).headers.at("x-api-secret"), kSecret);
  EXPECT_EQ(server_.requests().at(0).headers.count("proxy-authorization"), 0U);
  ASSERT_EQ(proxy.heads().size(), 1U);
  EXPECT_THAT(proxy.heads()[0], StartsWith("CONNECT " + std::string(kHost) + ":"));
  EXPECT_THAT(proxy.heads()[0], HasSubstr("Proxy-Authorization: Basic"));
  EXPECT_THAT(proxy.heads()[0], Not(HasSubstr("clog_")));
}

TEST_F(SecureTransportTest, behind_a_proxy_the_certificate_is_checked_against_the_platforms_name) {
  const ForwardProxy proxy;
  const TlsFront front(server_.port(), authority_.issue({.hosts = {"127.0.0.1"}}));
  CurlOptions options = trusting();
  options.proxy = proxy.url();
  EXPECT_THAT(post(front.url("/api", kHost), options).status().message(), HasSubstr(kHost));
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(SecureTransportTest, http_is_forwarded_by_the_proxy) {
  const ForwardProxy proxy;
  const std::string url = "http://" + std::string(kHost) + ":" + std::to_string(server_.port()) + "/api";
  ASSERT_TRUE(post(url, {.proxy = proxy.url()}).ok());
  EXPECT_EQ(server_.requests().at(0).target, "/api");
  EXPECT_THAT(proxy.heads().at(0), StartsWith("POST " + url + " HTTP/1.1"));
}

TEST_F(SecureTransportTest, a_proxy_that_wants_a_password_is_a_failure_that_shows_none) {
  const ForwardProxy proxy(
      "HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
      "Content-Length: 0\r\n\r\n");
  const TlsFront front(server_.port(), authority_.issue({.hosts = {kHost}}));
  CurlOptions options = trusting();
  options.proxy = proxy.url("me:hush@");
  const Result<HttpResponse> tunnelled = post(front.url("/api", kHost), options);
  EXPECT_EQ(tunnelled.status().code(), Code::kRetry);
  EXPECT_THAT(tunnelled.status().message(), testing::AllOf(HasSubstr("407"), Not(HasSubstr("hush"))));
  const Result<HttpResponse> forwarded = post("http://" + std::string(kHost) + "/api", options);
  ASSERT_TRUE(forwarded.ok());
  EXPECT_EQ(forwarded.value().status, 407);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(SecureTransportTest, a_proxy_that_cannot_be_reached_is_a_failure_that_shows_no_password) {
  std::string url;
  {
    const ForwardProxy gone;
    url = gone.url("me:hush@");
  }
  const Result<HttpResponse> result = post("https://" + std::string(kHost) + "/", {.proxy = url});
  EXPECT_EQ(result.status().code(), Code::kRetry);
  EXPECT_THAT(result.status().message(), Not(HasSubstr("hush")));
}

TEST_F(SecureTransportTest, the_proxies_of_the_environment_are_used) {
  const ForwardProxy for_https, for_http;
  set_environment("https_proxy", for_https.url());
  set_environment("http_proxy", for_http.url());
  const TlsFront front(server_.port(), authority_.issue({.hosts = {kHost}}));
  ASSERT_TRUE(post(front.url("/api", kHost), trusting()).ok());
  EXPECT_EQ(for_https.heads().size(), 1U);
  ASSERT_TRUE(post("http://" + std::string(kHost) + ":" + std::to_string(server_.port()) + "/", {}).ok());
  EXPECT_EQ(for_http.heads().size(), 1U);
}

TEST_F(SecureTransportTest, a_proxy_of_the_environment_that_is_no_url_is_a_failure_that_shows_no_password) {
  for (const std::string proxy : {"foo://me:hush@127.0.0.1:1", "http://me:hush@127.0.0.1:99999", "me:hu sh@[bad:1",
                                  "http://me:it's-hush@[bad:1"}) {
    set_environment("http_proxy", proxy);
    const Result<HttpResponse> result = post("http://" + std::string(kHost) + "/", {});
    EXPECT_EQ(result.status().code(), Code::kRetry);
    EXPECT_THAT(result.status().message(), HasSubstr("Unsupported proxy"));
    EXPECT_THAT(result.status().message(), Not(HasSubstr("hu"))) << proxy;
  }
}

TEST_F(SecureTransportTest, hosts_in_no_proxy_are_reached_directly) {
  const ForwardProxy proxy;
  set_environment("http_proxy", proxy.url());
  set_environment("no_proxy", "example.test,127.0.0.1");
  ASSERT_TRUE(post(server_.url(), {}).ok());
  EXPECT_TRUE(proxy.heads().empty());
}

TEST_F(SecureTransportTest, the_environment_can_be_left_out) {
  const ForwardProxy proxy;
  set_environment("http_proxy", proxy.url());
  set_environment("all_proxy", proxy.url());
  ASSERT_TRUE(post(server_.url(), {.environment_proxy = false}).ok());
  EXPECT_TRUE(proxy.heads().empty());
}

TEST_F(SecureTransportTest, the_option_goes_before_the_environment) {
  const ForwardProxy of_option, of_environment;
  set_environment("http_proxy", of_environment.url());
  ASSERT_TRUE(post(server_.url(), {.proxy = of_option.url()}).ok());
  EXPECT_EQ(of_option.heads().size(), 1U);
  EXPECT_TRUE(of_environment.heads().empty());
}

}  // namespace
}  // namespace logs_sdk
