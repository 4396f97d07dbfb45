// A service for every_body.py: it sends back what it gets, and ends streams in each way.
#include <logs_sdk/adapters/httplib.h>

#include <cstddef>
#include <iostream>
#include <string>

int main() {
  logs_sdk::LogSDK logs(logs_sdk::Config::from_environment());
  logs_sdk::httplib::Server<> server(logs);

  server.Post("/echo", [](const httplib::Request& req, httplib::Response& res) {
    res.set_content(req.body, req.get_header_value("Content-Type"));
  });
  const auto stream = [](const httplib::Request& req, httplib::Response& res) {
    const std::string end = req.matches[1];
    res.set_chunked_content_provider("text/plain", [end](std::size_t offset, httplib::DataSink& sink) {
      const std::string piece = offset == 0 ? "password=hunter2 first\n" : std::string(4096, 'x') + "\n";
      if (!sink.write(piece.data(), piece.size())) return false;
      if (end == "handler") return false;
      if (end == "server") sink.done();
      return true;
    });
  };
  server.Get("/stream/(.*)", stream);

  const int port = server.bind_to_any_port("127.0.0.1");
  std::cout << "listening on 127.0.0.1:" << port << std::endl;
  return server.listen_after_bind() ? 0 : 1;
}
