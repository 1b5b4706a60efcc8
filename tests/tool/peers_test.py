"""The exchanges with peers that are not ours: plain Python programs, on either side."""
import unittest

import tool


class PythonClient(tool.ToolTest):
    """Our server, their client; two in a row, as a server serves peer after peer."""

    def check(self, exchange, words, said, heard):
        with tool.serve(exchange) as server:
            for number in (1, 2):
                done = tool.peer_client(exchange, server, *words)
                self.assert_status(done, 0)
                self.assertEqual(done.stdout.splitlines(), said)
                server.wait_for(f"exchange {number}: passed")
            status, out = server.stop()
            self.assertEqual(status, 0)
            self.assert_transcript_only(out)
            for line in heard:
                self.assertEqual(out.splitlines().count(f"server: {line}"), 2, out)

    def test_tcp_chat(self):
        self.check("tcp_chat", ["olá", "###"], ["you said: olá", "you said: ###"],
                   ["received: olá", "received: ###", "client closed"])

    def test_udp_chat(self):
        self.check("udp_chat", ["olá", "###"], ["you said: olá", "you said: ###"],
                   ["received: olá", "received: ###"])

    def test_tcp_greeting(self):
        self.check("tcp_greeting", [], ["Hello client"], ["received: Hello server"])

    def test_tcp_reply(self):
        with tool.serve("tcp_reply", "--once") as server:
            done = tool.peer_client("tcp_reply", server, "¿Qué hora es en 東京?")
            self.assert_status(done, 0)
            self.assertRegex(done.stdout, r"^Olá, cliente! はい.*🙂\n$")
            self.assertIn("server: received: ¿Qué hora es en 東京?", server.finish()[1])

    def test_udp_timeout(self):
        self.check("udp_timeout", [], [], ["received: Hello server"])

    def test_tcp_echo(self):
        self.check("tcp_echo", [], ["all echoed"], ["echoed 720600 bytes"])

    def test_udp_echo(self):
        self.check("udp_echo", [], ["all echoed"], ["client ended"])


class PythonServer(tool.ToolTest):
    """Their server, our client."""

    def check(self, exchange, words, said, heard, server_words=()):
        with tool.peer_server(exchange, *server_words) as server:
            done = tool.run("connect", exchange, server.endpoint, *words)
            self.assert_status(done, 0)
            self.assert_transcript_only(done.stdout)
            status, out = server.finish()
            self.assertEqual((status, out.splitlines()), (0, said), server.heard)
            for line in heard:
                self.assertIn(f"client: {line}", done.stdout.splitlines())

    def test_tcp_chat(self):
        self.check("tcp_chat", ["--say", "olá", "--say", "###"], ["olá", "###"],
                   ["received: you said: olá", "received: you said: ###"])

    def test_udp_chat(self):
        self.check("udp_chat", ["--say", "olá", "--say", "###"], ["olá", "###"],
                   ["received: you said: olá", "received: you said: ###"])

    def test_tcp_greeting(self):
        self.check("tcp_greeting", [], ["Hello server"], ["received: Welcome"], ["Welcome"])

    def test_tcp_reply(self):
        self.check("tcp_reply", [], ["Olá, servidor! Você fala 日本語? ☺"],
                   ["received: Não sei, mas é tarde ☾"])

    def test_udp_timeout(self):
        self.check("udp_timeout", [], ["received from 127.0.0.1 Hello server"],
                   ["sent: Hello server"])

    def test_tcp_echo(self):
        self.check("tcp_echo", [], ["at least 720600 bytes"], ["sizes 1 to 1200: all echoed"])

    def test_udp_echo(self):
        self.check("udp_echo", [], ["at least 1200 datagrams"], ["sizes 1 to 1200: all echoed"])


if __name__ == "__main__":
    unittest.main()
