// TlsWire: a RawWire within TLS. It takes any certificate: who the server is, is not what such a test asks.
#ifndef LOGS_SDK_TESTING_TLS_WIRE_H_
#define LOGS_SDK_TESTING_TLS_WIRE_H_

#include <openssl/ssl.h>

#include <cerrno>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "testing/raw_wire.h"

namespace logs_sdk::inline v1 {

class TlsWire : public RawWire {
 public:
  // `version` and `cipher`: all that the client offers, as "1.2" or "1.3" and by its IANA name; empty: whatever it can.
  explicit TlsWire(std::uint16_t port, int window_bytes = 0, const std::string& version = "",
                   const std::string& cipher = "")
      : wire_(port, window_bytes) {
    if (!version.empty()) offer(version == "1.2" ? TLS1_2_VERSION : TLS1_3_VERSION, cipher.c_str());
    ::SSL_set_fd(ssl_.get(), wire_.socket());
    if (::SSL_connect(ssl_.get()) != 1) throw std::runtime_error("no TLS with the server");
  }

  std::string version() const { return ::SSL_get_version(ssl_.get()); }  // "TLSv1.3"
  std::string cipher() const { return ::SSL_CIPHER_standard_name(::SSL_get_current_cipher(ssl_.get())); }

  bool send(std::string_view bytes) override {
    std::size_t sent = 0;
    return bytes.empty() || ::SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent) == 1;
  }

  bool receive(std::string& to, std::size_t most) override {
    const std::size_t before = to.size();
    to.resize(before + most);
    std::size_t size = 0;
    errno = 0;
    const bool more = ::SSL_read_ex(ssl_.get(), to.data() + before, most, &size) == 1;
    to.resize(before + size);
    if (!more && errno == EAGAIN) throw std::runtime_error("the server was silent for 20 s; it had sent:\n" + to);
    return more;
  }

  void finish_sending() override {
    ::SSL_shutdown(ssl_.get());
    wire_.finish_sending();
  }

  void reset_on_close() override { wire_.reset_on_close(); }
  std::uint16_t local_port() const override { return wire_.local_port(); }

 private:
  void offer(int version, const char* cipher) {
    ::SSL_set_min_proto_version(ssl_.get(), version);
    ::SSL_set_max_proto_version(ssl_.get(), version);
    const bool known = version == TLS1_2_VERSION ? ::SSL_set_cipher_list(ssl_.get(), ::OPENSSL_cipher_name(cipher)) == 1
                                                 : ::SSL_set_ciphersuites(ssl_.get(), cipher) == 1;
    if (!known) throw std::runtime_error("no such cipher");
  }

  struct Free {
    void operator()(SSL_CTX* context) const noexcept { ::SSL_CTX_free(context); }
    void operator()(SSL* ssl) const noexcept { ::SSL_free(ssl); }
  };

  TcpWire wire_;
  const std::unique_ptr<SSL_CTX, Free> context_{::SSL_CTX_new(::TLS_client_method())};
  const std::unique_ptr<SSL, Free> ssl_{::SSL_new(context_.get())};
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_TLS_WIRE_H_
