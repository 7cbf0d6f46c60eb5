import { createServer } from "node:net";

/**
 * What answering costs any program on Node: each request gets as many registers as it asks for, all zero, and
 * nobody looks at it. `bare-server PORT DEVICES` says `started` when it listens on that many ports.
 */
const [firstPort = 0, devices = 0] = process.argv.slice(2).map(Number);
const headerLength = 9;

for (let i = 0; i < devices; i += 1) {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (request) => {
      const bytes = 2 * request.readUInt16BE(10);
      const answer = Buffer.alloc(headerLength + bytes);
      request.copy(answer, 0, 0, 8);
      answer.writeUInt16BE(3 + bytes, 4);
      answer.writeUInt8(bytes, 8);
      socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(firstPort + i, "127.0.0.1", resolve));
}
process.stdout.write("started\n");
