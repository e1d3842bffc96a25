"""Run the other side of our protocols on this machine, to see what would be sent.

    manage.py fake_gateway --port 8099
    LINLI_SMS_URL=http://127.0.0.1:8099/sms LINLI_SMS_KEY=shared make run

Group robots listen on /wecom and /dingtalk (with LINLI_ROBOT_HOSTS=127.0.0.1).
"""

import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from linli.messages.adapters.fake import Gateway, serve


class Command(BaseCommand):
    help = "Take text messages and robots' words on this machine and print them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8099)
        parser.add_argument("--key", default="shared", help="LINLI_SMS_KEY of the sender")

    def handle(self, *args: Any, **options: Any) -> None:
        with serve(Gateway(sms_key=options["key"]), options["port"]) as gateway:
            self.stdout.write(f"{gateway.url}/sms, /wecom, /dingtalk; Ctrl-C ends it")
            threading.Thread(target=self._print, args=(gateway,), daemon=True).start()
            try:
                threading.Event().wait()
            except KeyboardInterrupt:
                self.stdout.write("")

    def _print(self, gateway: Gateway) -> None:
        texts = said = 0
        while True:
            for one in gateway.texts[texts:]:
                self.stdout.write(f"{one['to']}  {one['text']}")
            for one in gateway.said[said:]:
                self.stdout.write(f"{one['kind']}  {one['text']}")
            texts, said = len(gateway.texts), len(gateway.said)
            time.sleep(0.3)
