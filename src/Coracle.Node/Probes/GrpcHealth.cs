using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Coracle.Node.Probes;

/// <summary>Asks a server by the gRPC health checking protocol (grpc.health.v1.Health/Check) whether it serves. Upstream: pkg/probe/grpc.</summary>
internal static class GrpcHealth
{
    private const int Serving = 1;
    private static readonly string[] States = ["UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"];

    public static async Task<ProbeOutcome> Check(HttpMessageInvoker http, string host, int port, string service, TimeSpan timeout, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{host}:{port}/grpc.health.v1.Health/Check")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ByteArrayContent(Message(service)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        request.Headers.TryAddWithoutValidation("User-Agent", "kube-probe/1.36");
        try
        {
            using var response = await http.SendAsync(request, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            var code = Status(response.TrailingHeaders) ?? Status(response.Headers);
            return code switch
            {
                0 when State(body) is var state => state == Serving ? new(true, "service healthy") : new(false, $"service unhealthy (responded with \"{States[Math.Clamp(state, 0, States.Length - 1)]}\")"),
                12 => new(false, "error: this server does not implement the grpc health protocol (grpc.health.v1.Health)"),
                _ => new(false, $"error: health rpc probe failed: status {code?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "missing"}"),
            };
        }
        catch (HttpRequestException)
        {
            return new(false, $"timeout: failed to connect service \"{host}:{port}\" within {timeout.TotalSeconds:0}s: context deadline exceeded");
        }
    }

    /// <summary>Five bytes that say how long it is, and the request's only field: the service's name.</summary>
    private static byte[] Message(string service)
    {
        var name = Encoding.UTF8.GetBytes(service);
        if (name.Length is 0 or > 127) return new byte[5];
        var message = new byte[5 + 2 + name.Length];
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 2 + name.Length);
        (message[5], message[6]) = (0x0a, (byte)name.Length);
        name.CopyTo(message, 7);
        return message;
    }

    // The answer's only field is the state; zero is left out.
    private static int State(byte[] body) => body is [_, _, _, _, _, 0x08, var state, ..] ? state : 0;

    private static int? Status(HttpHeaders headers) =>
        headers.TryGetValues("grpc-status", out var values) && int.TryParse(values.First(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var code) ? code : null;
}
