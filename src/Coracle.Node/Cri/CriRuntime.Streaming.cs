using Coracle.Node.Cri.V1;
using Coracle.Node.Streaming;

namespace Coracle.Node.Cri;

public sealed partial class CriRuntime
{
    public Task<ExecSyncResponse> ExecSync(string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        var request = new ExecSyncRequest { ContainerId = containerId, Timeout = Seconds(timeout) };
        request.Cmd.AddRange(command);
        var call = new GrpcCall(RuntimeService + "ExecSync", timeout > TimeSpan.Zero ? _options.CallTimeout + timeout : null);
        return _channel.Unary(call, request, ExecSyncResponse.Parser, cancel);
    }

    public async Task<RemoteCommandSession> Exec(ExecRequest request, CancellationToken cancel)
    {
        var url = (await Call("Exec", request, ExecResponse.Parser, cancel)).Url;
        return await OpenCommand(url, new RemoteCommandStreams
        {
            Stdin = request.Stdin,
            Stdout = request.Stdout,
            Stderr = request.Stderr,
            Tty = request.Tty,
        }, cancel);
    }

    public async Task<RemoteCommandSession> Attach(AttachRequest request, CancellationToken cancel)
    {
        var url = (await Call("Attach", request, AttachResponse.Parser, cancel)).Url;
        return await OpenCommand(url, new RemoteCommandStreams
        {
            Stdin = request.Stdin,
            Stdout = request.Stdout,
            Stderr = request.Stderr,
            Tty = request.Tty,
        }, cancel);
    }

    public async Task<PortForwardStreams> PortForward(string sandboxId, int port, CancellationToken cancel)
    {
        var request = new PortForwardRequest { PodSandboxId = sandboxId, Port = { port } };
        var url = new Uri((await Call("PortForward", request, PortForwardResponse.Parser, cancel)).Url);
        return await Streaming(async () => await SpdyClient.OpenPort(await _options.Dial(url, cancel), url, port, [], cancel));
    }

    private Task<RemoteCommandSession> OpenCommand(string url, RemoteCommandStreams streams, CancellationToken cancel) => Streaming(async () =>
    {
        var target = new Uri(url);
        return await SpdyClient.OpenCommand(await _options.Dial(target, cancel), target, streams, [], cancel);
    });

    private static async Task<T> Streaming<T>(Func<Task<T>> open)
    {
        try
        {
            return await open();
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw new GrpcException(GrpcStatusCode.Unavailable, e.Message, e);
        }
    }
}
