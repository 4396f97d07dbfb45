// What must be masked, and what must survive: one row per case.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "src/masking/masker.h"

namespace logs_sdk {
namespace {

const Masker& masker() {
  static const Masker instance({}, {});
  return instance;
}

std::string text(std::string_view in, Extent extent = Extent::kWhole) {
  std::string out;
  masker().text(in, out, extent);
  return out;
}
std::string url(std::string_view in) {
  std::string out;
  masker().url(in, out);
  return out;
}
std::string header(std::string_view name, std::string_view value) {
  std::string out;
  masker().header(name, value, out);
  return out;
}

struct Case {
  std::string_view in, out;
};

TEST(MaskerCorpus, text_loses_its_secrets) {
  const Case cases[] = {
      // By name, with every way to write a pair.
      {"password=hunter2", "password=***"},
      {"password = hunter2 then", "password = *** then"},
      {"password: hunter2", "password: ***"},
      {"Password:hunter2, user: bob", "Password:***, user: bob"},
      {"pass_word=x", "pass_word=***"},
      {"PASS-WORD=x", "PASS-WORD=***"},
      {"user_password=x", "user_password=***"},
      {"passwd=x", "passwd=***"},
      {"pwd=x", "pwd=***"},
      {"db.pwd=x", "db.pwd=***"},
      {"login[pwd]=x", "login[pwd]=***"},
      {"secret=x", "secret=***"},
      {"clientSecret=x", "clientSecret=***"},
      {"api_key=abc", "api_key=***"},
      {"API-KEY: abc", "API-KEY: ***"},
      {"x-api-key: abc", "x-api-key: ***"},
      {"credential=abc", "credential=***"},
      {"token=abc", "token=***"},
      {"token=1234567890", "token=***"},
      {"refresh_token=abc def", "refresh_token=*** def"},
      {"sessionid=abc", "sessionid=***"},
      {"JSESSIONID=abc", "JSESSIONID=***"},
      {"PHPSESSID=abc", "PHPSESSID=***"},
      {"cvv=123", "cvv=***"},
      {"cvc: 123", "cvc: ***"},
      {"card=1", "card=***"},
      {"cardNumber=12345", "cardNumber=***"},
      {"Cookie: a=b; c=d", "Cookie: ***"},
      {"Set-Cookie: a=b; HttpOnly\nnext", "Set-Cookie: ***\nnext"},
      {"Authorization: Bearer abc.def", "Authorization: Bearer ***"},
      {"Authorization: Basic dXNlcjpwYXNz\r\nHost: a", "Authorization: Basic ***\r\nHost: a"},
      {"Proxy-Authorization: Digest a=b, c=d", "Proxy-Authorization: Digest ***"},
      {"authorization=custom one two", "authorization=***"},
      {"password=\"a b c\" x", "password=\"***\" x"},
      {"password='a b' x", "password='***' x"},
      {"password='unclosed and more", "password='***"},
      {":password => \"abc\"", ":password => \"***\""},
      {"password := abc", "password := ***"},
      {"password=abc&user=bob", "password=***&user=bob"},
      {"(password=abc)", "(password=***)"},
      {"failed: password=abc.", "failed: password=***."},
      {"password=a,b", "password=***"},
      {"password=a;b", "password=***"},
      {"a=1 password=2 b=3", "a=1 password=*** b=3"},
      // JSON, whole, nested, embedded and torn.
      {R"({"password":"abc"})", R"({"password":"***"})"},
      {R"({"password" : "abc", "a":1})", R"({"password" : "***", "a":1})"},
      {R"({"password":"a\"b","c":1})", R"({"password":"***","c":1})"},
      {R"({"password":"a\\","c":"d"})", R"({"password":"***","c":"d"})"},
      {R"({"password":12345})", R"({"password":"***"})"},
      {R"({"password":null,"a":1})", R"({"password":"***","a":1})"},
      {R"({"password":["a","b"],"c":1})", R"({"password":"***","c":1})"},
      {R"({"password":{"a":"}"},"c":1})", R"({"password":"***","c":1})"},
      {R"({"a":{"apiKey":"x"}})", R"({"a":{"apiKey":"***"}})"},
      {R"([{"token":"x"},{"token":"y"}])", R"([{"token":"***"},{"token":"***"}])"},
      {R"({"cvv":123})", R"({"cvv":"***"})"},
      {R"({"data":"{\"password\":\"abc\",\"b\":1}"})", R"({"data":"{\"password\":\"***\",\"b\":1}"})"},
      {R"({"data":"{\"password\":123}"})", R"({"data":"{\"password\":\"***\"}"})"},
      {R"({"pass\u0077ord":"abc"})", R"({"pass\u0077ord":"***"})"},
      {R"({"password":"abc)", R"({"password":"***)"},
      {R"({"password":["a",)", R"({"password":"***")"},
      {"{\"password\":\n  \"abc\"}", "{\"password\":\n  \"***\"}"},
      {"{'password': 'abc', 'a': 1}", "{'password': '***', 'a': 1}"},
      // URLs and credentials in prose.
      {"GET http://bob:pw@host/x failed", "GET http://***@host/x failed"},
      {"postgres://u:p%40w@db:5432/x", "postgres://***@db:5432/x"},
      {"curl https://h/?api_key=abc&x=1", "curl https://h/?api_key=***&x=1"},
      {"sent Bearer abcdef1234567890 to", "sent Bearer *** to"},
      {"with basic dXNlcjpwYXNzMQ== ok", "with basic *** ok"},
      // By value.
      {"got AKIAIOSFODNN7EXAMPLE here", "got *** here"},
      {"ASIAIOSFODNN7EXAMPLE", "***"},
      {"AIzaSyA1234567890abcdefghijklmnopqrstuv", "***"},
      {"key ghp_abcdefghijklmnopqrstuvwxyz0123456789", "key ***"},
      {"github_pat_11ABCDEFG0abcdefghijkl_mnop", "***"},
      {"glpat-abcdefghij0123456789", "***"},
      {"xoxb-123456789012-abcdefABCDEF", "***"},
      {"sk_live_4eC39HqLyjWDarjtT1zdp7dc", "***"},
      {"rk_test_4eC39HqLyjWDarjtT1zdp7dc", "***"},
      {"clog_sk_abc", "***"},
      {"sk-proj-abcdefghij0123456789", "***"},
      {"SG.abcdefghij0123456789.klmnop", "***"},
      {"LTAI5tAbCdEfGh123456", "***"},
      {"-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- after", "*** after"},
      {"x -----BEGIN RSA PRIVATE KEY-----\nabc", "x ***"},
      {"jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n end", "jwt *** end"},
      {"xeyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozj", "x***"},
      {"4111111111111111", "***"},
      {"pay 4111 1111 1111 1111 now", "pay *** now"},
      {"4111-1111-1111-1111", "***"},
      {"5555555555554444.", "***."},
      {"3782 822463 10005", "***"},
      {"378282246310005", "***"},
      {"6011111111111117", "***"},
      {"3530111333300000", "***"},
      {"30569309025904", "***"},
      {"2223003122003222", "***"},
      {"4111 1111 1111 1111 123 12/30", "*** 123 12/30"},
      {"card:4111111111111111", "card:***"},
      {R"({"n":4111111111111111})", R"({"n":***})"},
      {"id4111111111111111x", "id***x"},
  };
  for (const Case& c : cases) EXPECT_EQ(text(c.in), c.out) << "in: " << c.in;
}

TEST(MaskerCorpus, text_that_only_looks_like_a_secret_survives) {
  const std::string_view cases[] = {
      "",
      "2026-11-22T13:27:50.000123Z",
      "2026-11-22 13:27:50,123",
      "Sun, 22 Nov 2026 13:27:50 GMT",
      "550e8400-e29b-41d4-a716-446655440000",
      "0192f0c1a2b37c4d8e5f60718293a4b5",
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
      "order 20261122000123456789",
      "order=9876543210123",
      "1732281234567",
      "1732281234567890",
      "tokenize=1",
      "token=123456789",
      "max_tokens: 4096",
      R"({"max_tokens":4096,"prompt":"x"})",
      "tokens",
      "a token is needed",
      "password",
      "the password is wrong",
      "the secret garden",
      "user=bob",
      "key=value",
      "keyboard: qwerty",
      "author=Ann",
      "authority: example.com",
      "passage=3",
      "cardinal=5",
      "postcard=yes",
      "scvd=1",
      "sidebar=open",
      "session_start=10",
      "sigma=5",
      "d41d8cd98f00b204e9800998ecf8427e",
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
      "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38GIAXDIBKE0DHxgljNBAAO",
      "0.4111111111111111",
      "3.14159265358979323846",
      "4111111111111112",
      "4111-1111-1111-1112",
      "41111111111111111111111",
      "1234-4111-1111-1111-1111",
      "9999999999999995",
      "tel +49 30 1234 5678 9012",
      "+86 138 1234 5678",
      "192.168.1.1:8080",
      "[2001:db8::1]:443",
      "http://example.com:8080/path?a=b",
      "see https://example.com/a@b",
      "mail bob@example.com",
      "ssh://host/path",
      "sk-SK,sk;q=0.9,en-US;q=0.8",
      "task-force-with-a-very-long-name",
      "ask-me-anything-about-hyphenation",
      "risk_level=high",
      "ASIANCUISINEISGREATFOOD",
      "AKIA",
      "LTAI",
      "eyJ",
      "eyJhbGciOiJIUzI1NiJ9",
      "hey Joe.doe.com",
      "-----",
      "---- BEGIN ----",
      "xox-games",
      "a bearer of news",
      "Bearer token required",
      "basic authentication",
      "basic knowledge-of-things",
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
      "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
      "gzip, deflate, br",
      "W/\"5e0-18f3c1a2b3c\"",
      "max-age=31536000; includeSubDomains",
      "Content-Type: application/json",
      R"({"id":123,"name":"x","tags":["a","b"],"at":"2026-11-22T00:00:00Z"})",
      R"({"key":"value","description":"a secret garden"})",
      R"({"password":""})",
      "password=",
      "password=***",
      "Authorization: Bearer ***",
      "C:\\Users\\bob: access denied",
      "std::vector<int>::at: out of range",
      "unexpected end of input at line 1, column 17",
      "\xE5\xAF\x86\xE7\xA0\x81",
      "\xFF\xFE\x80",
  };
  for (const std::string_view in : cases) EXPECT_EQ(text(in), in);
}

TEST(MaskerCorpus, what_a_cut_text_does_not_hold_to_its_end_is_masked) {
  const Case cases[] = {
      {"n 4111 1111 11", "n ***"},      {"n 411111", "n ***"},
      {"t eyJhbGciOi", "t ***"},        {"t eyJhbGciOiJIUzI1NiJ9.eyJ", "t ***"},
      {"k ghp_abc", "k ***"},           {"k sk_live_1", "k ***"},
      {"k AKIAIOS", "k ***"},           {R"({"password":"abc)", R"({"password":"***)"},
      {"http://user:pa", "http://***"}, {"plain text", "plain text"},
      {"in 2026", "in 2026"},
  };
  for (const Case& c : cases) EXPECT_EQ(text(c.in, Extent::kCut), c.out) << "in: " << c.in;
}

TEST(MaskerCorpus, urls_lose_their_secrets) {
  const Case cases[] = {
      {"https://bob:pw@example.com/a?b=c", "https://***@example.com/a?b=c"},
      {"//bob:pw@example.com/", "//***@example.com/"},
      {"https://token@example.com/", "https://***@example.com/"},
      {"/a?token=abc", "/a?token=***"},
      {"/a?x=1&token=abc&y=2", "/a?x=1&token=***&y=2"},
      {"/a?ToKeN=abc", "/a?ToKeN=***"},
      {"/a?pass%77ord=abc", "/a?pass%77ord=***"},
      {"/a?api%5Fkey=abc", "/a?api%5Fkey=***"},
      {"/a?x=1;token=abc", "/a?x=1;token=***"},
      {"/a?password=ab;cd&e=f", "/a?password=***&e=f"},
      {"/a#access_token=abc&expires_in=3600", "/a#access_token=***&expires_in=3600"},
      {"/a?q=1#token=abc", "/a?q=1#token=***"},
      {"/a?card=4111+1111+1111+1111", "/a?card=***"},
      {"/a?q=4111+1111+1111+1111", "/a?q=***"},
      {"/a?q=4111%201111%201111%201111&b=1", "/a?q=***&b=1"},
      {"/a?next=https%3A%2F%2Fh%2F%3Ftoken%3Dabc", "/a?next=https%3A%2F%2Fh%2F%3Ftoken%3D***"},
      {"/a?next=https%253A%252F%252Fh%252F%253Ftoken%253Dabc", "/a?next=***"},
      {"/a?data=%7B%22password%22%3A%22abc%22%7D", "/a?data=%7B%22password%22%3A%22***%22%7D"},
      {"/pay/4111111111111111/done", "/pay/***/done"},
      {"/k/ghp_abcdefghijklmnopqrstuvwxyz0123456789", "/k/***"},
      {"/a;jsessionid=abc/b?c=d", "/a;jsessionid=***/b?c=d"},
      {"/a?user[password]=x&user[name]=y", "/a?user[password]=***&user[name]=y"},
      {"/a?X-Amz-Signature=abc&X-Amz-Date=20261122T000000Z", "/a?X-Amz-Signature=***&X-Amz-Date=20261122T000000Z"},
  };
  for (const Case& c : cases) EXPECT_EQ(url(c.in), c.out) << "in: " << c.in;
}

TEST(MaskerCorpus, urls_without_secrets_survive) {
  const std::string_view cases[] = {
      "",
      "/",
      "*",
      "/a/b/c.html",
      "/search?q=red+shoes&page=2",
      "/search?q=100%25+cotton",
      "https://example.com:8443/a/b?c=d#top",
      "/users/550e8400-e29b-41d4-a716-446655440000/orders/20261122000123",
      "/a?tokenize=1&max_tokens=100",
      "/a?token=",
      "/a?&&=&",
      "/a?b",
      "/a?=x",
      "/%E4%BD%A0%E5%A5%BD?x=%E4%BD%A0",
      "/a%",
      "/a?%zz=%1",
      "/@user/post",
      "mailto:bob@example.com",
      "/a?redirect=https%3A%2F%2Fexample.com%2F",
      "/a?token=***",
      "?a=b",
      "#top",
      "not a url at all",
  };
  for (const std::string_view in : cases) EXPECT_EQ(url(in), in);
}

TEST(MaskerCorpus, headers_are_masked_by_name_and_by_value) {
  struct HeaderCase {
    std::string_view name, in, out;
  };
  const HeaderCase cases[] = {
      {"authorization", "Bearer abc", "Bearer ***"},
      {"Authorization", "bearer abc", "bearer ***"},
      {"authorization", "Basic abc", "Basic ***"},
      {"authorization", "AWS4-HMAC-SHA256 Credential=a", "AWS4-HMAC-SHA256 ***"},
      {"authorization", "correct horse battery", "***"},
      {"authorization", "abc", "***"},
      {"authorization", "", ""},
      {"proxy-authorization", "Basic abc", "Basic ***"},
      {"cookie", "a=b; c=d", "***"},
      {"set-cookie", "a=b; HttpOnly", "***"},
      {"x-api-key", "abc", "***"},
      {"X-API-Secret", "abc", "***"},
      {"x-auth-token", "abc", "***"},
      {"x-csrf-token", "abc", "***"},
      {"x-session-id", "abc", "***"},
      {"x-amz-security-token", "abc", "***"},
      {"x-token-count", "17", "17"},
      {"referer", "https://h/?token=abc", "https://h/?token=***"},
      {"location", "https://u:p@h/", "https://***@h/"},
      {"link", "<https://h/?token=abc>; rel=next", "<https://h/?token=***>; rel=next"},
      {"refresh", "5; url=https://h/?token=abc", "5; url=https://h/?token=***"},
      {"x-original-url", "/a?password=b", "/a?password=***"},
      {"x-anything", "4111111111111111", "***"},
      {"user-agent", "curl/8.0 ghp_abcdefghijklmnopqrstuvwxyz0123456789", "curl/8.0 ***"},
      {"accept", "*/*", "*/*"},
      {"content-length", "12345678901234567", "12345678901234567"},
      {"etag", "\"33a64df551425fcc55e4d42a148795d9f25f89d4\"", "\"33a64df551425fcc55e4d42a148795d9f25f89d4\""},
      {"x-forwarded-for", "203.0.113.7, 10.0.0.1", "203.0.113.7, 10.0.0.1"},
  };
  for (const HeaderCase& c : cases) EXPECT_EQ(header(c.name, c.in), c.out) << c.name << ": " << c.in;
}

TEST(MaskerCorpus, forms_are_queries_and_other_bodies_text) {
  std::string out;
  masker().body("application/x-www-form-urlencoded; charset=utf-8", "user=a&password=b+c", Extent::kWhole, out);
  EXPECT_EQ(out, "user=a&password=***");
  out.clear();
  masker().body("application/json", R"({"user":"a","password":"b"})", Extent::kWhole, out);
  EXPECT_EQ(out, R"({"user":"a","password":"***"})");
}

TEST(MaskerCorpus, the_application_adds_and_allows_names) {
  const Masker own({"internal-*", "*_code", "referer"}, {"x-api-key", "*public*"});
  auto masked = [&](std::string_view name) {
    std::string out;
    own.header(name, "abc", out);
    return out;
  };
  EXPECT_EQ(masked("Internal_Id"), "***");
  EXPECT_EQ(masked("zip-code"), "***");
  EXPECT_EQ(masked("Referer"), "***");
  EXPECT_EQ(masked("X-Api-Key"), "abc");
  EXPECT_EQ(masked("public-token"), "abc");
  EXPECT_EQ(masked("token"), "***");
}

}  // namespace
}  // namespace logs_sdk
