using System.Globalization;
using System.Text;

namespace Coracle.Bench.Http;

/// <summary>Whole requests as bytes.</summary>
internal sealed class RequestBytes(Endpoint endpoint)
{
    private readonly string _headers = $"Host: {endpoint.Host}\r\nUser-Agent: coracle-bench\r\nAccept: application/json\r\n"
        + (endpoint.Authorization.Length > 0 ? $"Authorization: {endpoint.Authorization}\r\n" : "");

    public byte[] Get(string path) => Encoding.UTF8.GetBytes($"GET {endpoint.Root}{path} HTTP/1.1\r\n{_headers}\r\n");

    public byte[] WithBody(string method, string path, ReadOnlySpan<byte> body, string contentType = "application/json")
    {
        var head = Encoding.UTF8.GetBytes(
            $"{method} {endpoint.Root}{path} HTTP/1.1\r\n{_headers}Content-Type: {contentType}\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
        return [.. head, .. body];
    }
}
