using System.Buffers;
using System.Security.Cryptography.X509Certificates;
using Coracle.ApiServer;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Coracle.Serving;

/// <summary>A request as Kestrel received it.</summary>
internal sealed class HttpApiRequest(HttpContext http) : ApiRequest
{
    public override X509Certificate2? ClientCertificate => http.Connection.ClientCertificate;
    public override string RemoteAddress => http.Connection.RemoteIpAddress?.ToString() ?? "";
    public override string? Header(string name) => http.Request.Headers[name] is [{ } first, ..] ? first : null;

    public override IEnumerable<string> HeaderValues(string name) => http.Request.Headers[name].OfType<string>();

    public override IEnumerable<KeyValuePair<string, string>> Headers
    {
        get
        {
            foreach (var (name, values) in http.Request.Headers)
                foreach (var value in values)
                    if (value is not null) yield return new(name, value);
        }
    }

    public override async ValueTask<ReadOnlyMemory<byte>?> ReadBodyAsync(int limit, CancellationToken cancel)
    {
        if (http.Request.ContentLength > limit) return null;
        if (http.Request.ContentLength is null or 0 && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return ReadOnlyMemory<byte>.Empty;
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            if (read.Buffer.Length > limit) return null;
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
