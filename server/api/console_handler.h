// The console's page: GET / and the files it asks for. Open to everybody: they are the same for all and hold no entry.
#ifndef LOGS_SERVER_API_CONSOLE_HANDLER_H_
#define LOGS_SERVER_API_CONSOLE_HANDLER_H_

#include "server/http/router.h"

namespace logs_server {

void add_console_routes(Router& router);

}  // namespace logs_server

#endif  // LOGS_SERVER_API_CONSOLE_HANDLER_H_
