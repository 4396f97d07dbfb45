#include "testing/tls_front.h"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>

#include <algorithm>
#include <stdexcept>

namespace logs_sdk::inline v1 {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("TLS of a test: ") + what);
}

template <typename Object, typename Read, typename Free>
std::unique_ptr<Object, Free> from_pem(const std::string& pem, Read read, Free free) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  return {read(bio.get(), nullptr, nullptr, nullptr), free};
}

void use(SSL_CTX* context, const TestCertificate& made) {
  const auto certificate = from_pem<X509>(made.certificate, PEM_read_bio_X509, X509_free);
  const auto key = from_pem<EVP_PKEY>(made.key, PEM_read_bio_PrivateKey, EVP_PKEY_free);
  require(SSL_CTX_use_certificate(context, certificate.get()) == 1, "certificate");
  require(SSL_CTX_use_PrivateKey(context, key.get()) == 1, "key");
}

// RFC 8446, 4.2.1: a list of versions, behind one byte of its length. A client that sends none offers what the field
// of the message says, and everything older.
int oldest_version_of(SSL* connection) {
  constexpr unsigned kSupportedVersions = 43;
  const unsigned char* list = nullptr;
  std::size_t size = 0;
  if (SSL_client_hello_get0_ext(connection, kSupportedVersions, &list, &size) != 1) return TLS1_VERSION;
  int oldest = 0xffff;
  for (std::size_t at = 1; at + 1 < size; at += 2) oldest = std::min(oldest, list[at] * 256 + list[at + 1]);
  return oldest;
}

int note_offer(SSL* connection, int*, void* noted) {
  auto& oldest = *static_cast<std::atomic<int>*>(noted);
  const int version = oldest_version_of(connection);
  int seen = oldest;
  while ((seen == 0 || version < seen) && !oldest.compare_exchange_weak(seen, version)) {
  }
  return SSL_CLIENT_HELLO_SUCCESS;
}

SSL_CTX* make_context(const TestCertificate& certificate, TlsVersions versions, std::atomic<int>& oldest_offered) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  require(context != nullptr, "context");
  const bool old = versions == TlsVersions::kOld;
  if (old) require(SSL_CTX_set_cipher_list(context, "ALL:@SECLEVEL=0") == 1, "ciphers");
  require(SSL_CTX_set_min_proto_version(context, old ? TLS1_1_VERSION : TLS1_2_VERSION) == 1, "version");
  require(SSL_CTX_set_max_proto_version(context, old ? TLS1_1_VERSION : TLS1_3_VERSION) == 1, "version");
  SSL_CTX_set_mode(context, SSL_MODE_AUTO_RETRY);
  SSL_CTX_set_client_hello_cb(context, note_offer, &oldest_offered);
  use(context, certificate);
  return context;
}

// From the client's side to the backend and back, until either ends.
void pump(SSL* client, int client_fd, int backend) {
  std::string piece(64 << 10, '\0');
  for (;;) {
    pollfd waited[2] = {{client_fd, POLLIN, 0}, {backend, POLLIN, 0}};
    if (SSL_pending(client) == 0 && poll(waited, 2, -1) < 0) return;
    if (SSL_pending(client) > 0 || waited[0].revents != 0) {
      const int got = SSL_read(client, piece.data(), static_cast<int>(piece.size()));
      if (got <= 0 || !send_all(backend, {piece.data(), static_cast<std::size_t>(got)})) return;
    }
    if (waited[1].revents != 0) {
      const ssize_t got = recv(backend, piece.data(), piece.size(), 0);
      if (got <= 0 || SSL_write(client, piece.data(), static_cast<int>(got)) <= 0) return;
    }
  }
}

}  // namespace

void TlsFront::Free::operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }

TlsFront::TlsFront(std::uint16_t backend_port, const TestCertificate& certificate, TlsVersions versions)
    : backend_port_(backend_port),
      context_(make_context(certificate, versions, oldest_offered_)),
      server_([this](int fd, int) { serve(fd); }) {}

TlsFront::~TlsFront() = default;

void TlsFront::serve(int fd) {
  const std::unique_ptr<SSL, void (*)(SSL*)> connection(SSL_new(context_.get()), SSL_free);
  SSL_set_fd(connection.get(), fd);
  if (SSL_accept(connection.get()) != 1) return;
  ++handshakes_;
  const int backend = connect_to_loopback(backend_port_);
  if (backend < 0) return;
  pump(connection.get(), fd, backend);
  SSL_shutdown(connection.get());
  shutdown(fd, SHUT_WR);  // FIN; should the client go on sending, RST follows
  close(backend);
}

}  // namespace logs_sdk::inline v1
