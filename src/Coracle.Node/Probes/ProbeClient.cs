using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Cri;

namespace Coracle.Node.Probes;

/// <summary>What one attempt found.</summary>
internal readonly record struct ProbeOutcome(bool Ok, string Output);

/// <summary>Does what probes and lifecycle hooks ask: a command, an HTTP request, a connection (upstream: pkg/probe).</summary>
internal sealed class ProbeClient(TimeProvider clock)
{
    private const int OutputBytesMax = 10 * 1024;

    // A fresh connection each time: a server that accepts no new ones is not well.
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.Zero, AllowAutoRedirect = false, UseProxy = false, UseCookies = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    });

    public async Task<ProbeOutcome> Try(IContainerRuntime runtime, string containerId, Container container, Probe probe, string podAddress, CancellationToken cancel)
    {
        var timeout = TimeSpan.FromSeconds(Math.Max(1, probe.TimeoutSeconds));
        using var limit = new CancellationTokenSource(timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            if (probe.Exec is { } exec) return await Exec(runtime, containerId, exec.Command ?? [], timeout, both.Token);
            if (probe.HttpGet is { } get) return await Http(get, container, podAddress, "kube-probe/1.36", both.Token);
            if (probe.TcpSocket is { } tcp) return await Tcp(tcp.Host.Length > 0 ? tcp.Host : podAddress, Port(tcp.Port, container), both.Token);
            if (probe.Grpc is { } grpc) return await GrpcHealth.Check(_http, podAddress, grpc.Port, grpc.Service ?? "", timeout, both.Token);
            return new(true, "");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(false, probe.HttpGet is { } late ? $"Get \"{Url(late, container, podAddress)}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)" : probe.Exec is { } command ? $"command timed out: \"{string.Join(' ', command.Command ?? [])}\" timed out after {timeout.TotalSeconds:0}s" : $"dial tcp {podAddress}: i/o timeout");
        }
    }

    public static async Task<ProbeOutcome> Exec(IContainerRuntime runtime, string containerId, IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancel)
    {
        try
        {
            var answer = await runtime.ExecSync(containerId, command, timeout, cancel);
            var output = System.Text.Encoding.UTF8.GetString(answer.Stdout.Span) + System.Text.Encoding.UTF8.GetString(answer.Stderr.Span);
            return new(answer.ExitCode == 0, output.Length > OutputBytesMax ? output[..OutputBytesMax] : output);
        }
        catch (GrpcException e)
        {
            return new(false, e.Message);
        }
    }

    public async Task<ProbeOutcome> Http(HTTPGetAction get, Container container, string podAddress, string agent, CancellationToken cancel)
    {
        var url = Url(get, container, podAddress);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*"));
        foreach (var header in get.HttpHeaders ?? [])
        {
            if (header.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)) request.Headers.Host = header.Value;
            else request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }
        try
        {
            using var response = await _http.SendAsync(request, cancel);
            var code = (int)response.StatusCode;
            return code is >= 200 and < 400 ? new(true, "") : new(false, $"HTTP probe failed with statuscode: {code}");
        }
        catch (HttpRequestException e)
        {
            return new(false, $"Get \"{url}\": dial tcp {podAddress}:{Port(get.Port, container)}: {Cause(e)}");
        }
    }

    private static string Url(HTTPGetAction get, Container container, string podAddress)
    {
        var scheme = get.Scheme.Length == 0 ? "http" : get.Scheme.ToLowerInvariant();
        var host = get.Host.Length > 0 ? get.Host : podAddress;
        return $"{scheme}://{host}:{Port(get.Port, container)}{(get.Path.StartsWith('/') ? "" : "/")}{get.Path}";
    }

    private static async Task<ProbeOutcome> Tcp(string host, int port, CancellationToken cancel)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, cancel);
            return new(true, "");
        }
        catch (SocketException e)
        {
            return new(false, $"dial tcp {host}:{port}: {Cause(e)}");
        }
    }

    private static string Cause(Exception e) => (e as SocketException ?? e.InnerException as SocketException)?.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connect: connection refused",
        SocketError.HostUnreachable => "connect: no route to host",
        SocketError.TimedOut => "i/o timeout",
        _ => e.Message,
    };

    public static int Port(Schema.IntOrString port, Container container)
    {
        if (!port.IsString) return port.IntValue;
        return (container.Ports ?? []).FirstOrDefault(p => p.Name == port.StringValue)?.ContainerPortValue ?? port.IntValue;
    }
}
