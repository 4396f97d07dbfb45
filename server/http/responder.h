// Responder: the promise to answer one request, once, from any thread.
//
// Copies share the promise. The first send() counts, later ones do nothing; when the last copy goes without an answer,
// the client gets 500.
#ifndef LOGS_SERVER_HTTP_RESPONDER_H_
#define LOGS_SERVER_HTTP_RESPONDER_H_

#include <functional>
#include <memory>

#include "server/http/response.h"

namespace logs_server {

class Responder {
 public:
  // `deliver` is called once, on the thread that answers; it must not throw.
  explicit Responder(std::function<void(Response)> deliver);
  void send(Response response) const;

 private:
  class Promise;
  std::shared_ptr<Promise> promise_;
};

}  // namespace logs_server

#endif  // LOGS_SERVER_HTTP_RESPONDER_H_
