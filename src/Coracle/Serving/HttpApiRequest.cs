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

    public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel)
    {
        if (http.Request.ContentLength > limit) return new(ApiStatus.TooLarge(limit));
        if (http.Request.ContentLength is null or 0 && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return new(ReadOnlyMemory<byte>.Empty);
        var reading = Read(limit, cancel);
        if (reading.IsCompleted) return reading;
        var task = reading.AsTask();
        _reading = task;
        return new(task);
    }

    public override ValueTask<Result<Stream?>> OpenBodyAsync(CancellationToken cancel)
    {
        if (http.Request.ContentLength is null or 0 && http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }) return new((Stream?)null);
        // How slowly a body may come is for the server to say that it is meant for.
        if (http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate && !http.Request.Protocol.StartsWith("HTTP/2", StringComparison.Ordinal)) rate.MinDataRate = null;
        return new(http.Request.Body);
    }

    /// <summary>
    /// Completes when the body is no longer being read: a request that was answered before its body arrived must not read on while its connection goes to the next one.
    /// </summary>
    public Task EndOfReading => _reading.ContinueWith(static _ => { }, TaskScheduler.Default);

    private Task _reading = Task.CompletedTask;

    private async ValueTask<Result<ReadOnlyMemory<byte>>> Read(int limit, CancellationToken cancel)
    {
        var reader = http.Request.BodyReader;
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancel);
                if (read.Buffer.Length > limit) return ApiStatus.TooLarge(limit);
                if (read.IsCompleted)
                {
                    ReadOnlyMemory<byte> bytes = read.Buffer.ToArray();
                    reader.AdvanceTo(read.Buffer.End);
                    return bytes;
                }
                reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
        }
        catch (BadHttpRequestException e)
        {
            // Too slow, or not as its headers said.
            return e.StatusCode == StatusCodes.Status408RequestTimeout ? new ApiStatus(408, "Timeout", e.Message) : ApiStatus.BadRequest(e.Message);
        }
        catch (Exception e) when (e is IOException || e is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            // The connection is gone: nobody reads the answer.
            return ApiStatus.BadRequest("unexpected EOF");
        }
    }
}
