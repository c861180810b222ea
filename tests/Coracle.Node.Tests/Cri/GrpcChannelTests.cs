using System.Buffers.Binary;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Coracle.Node.Tests.Cri;

public sealed class GrpcChannelTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("coracle-grpc-").FullName;
    private readonly CancellationToken _cancel = new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;
    private readonly TaskCompletionSource _abandoned = new();
    private WebApplication _server = null!;
    private GrpcChannel _channel = null!;

    private string Socket => Path.Combine(_directory, "s");

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(Socket, listen => listen.Protocols = HttpProtocols.Http2));
        _server = builder.Build();
        _server.Run(Serve);
        await _server.StartAsync(_cancel);
        _channel = new GrpcChannel(Socket, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task Serve(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()!.Trailers;
        switch (context.Request.Path.Value)
        {
            case "/echo": // every message back, as it comes
                while (await GrpcFraming.Read(context.Request.Body, VersionRequest.Parser, context.RequestAborted) is { } request)
                {
                    await context.Response.BodyWriter.WriteAsync(GrpcFraming.Frame(new VersionResponse { Version = request.Version }));
                }
                trailers["grpc-status"] = "0";
                break;
            case "/fail":
                context.Response.Headers["grpc-status"] = "5";
                context.Response.Headers["grpc-message"] = "caf%C3%A9 %%2 not found";
                break;
            case "/failafter":
                await context.Response.BodyWriter.WriteAsync(GrpcFraming.Frame(new VersionResponse { Version = "1" }));
                trailers["grpc-status"] = "8";
                trailers["grpc-message"] = "enough";
                break;
            case "/silence":
                await context.Response.StartAsync();
                try
                {
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }
                catch (OperationCanceledException)
                {
                    _abandoned.TrySetResult();
                }
                break;
            case "/cut":
                await context.Response.BodyWriter.WriteAsync(GrpcFraming.Frame(new VersionResponse { Version = "1" }));
                context.Abort();
                break;
            case "/notrailers":
                await context.Response.BodyWriter.WriteAsync(GrpcFraming.Frame(new VersionResponse { Version = "1" }));
                break;
            case "/huge":
                var prefix = new byte[5];
                BinaryPrimitives.WriteInt32BigEndian(prefix.AsSpan(1), int.MaxValue);
                await context.Response.BodyWriter.WriteAsync(prefix);
                trailers["grpc-status"] = "0";
                break;
            default:
                context.Response.StatusCode = 404;
                break;
        }
    }

    private Task<VersionResponse> Call(string path, TimeSpan? deadline = null, CancellationToken? cancel = null) =>
        _channel.Unary(new GrpcCall(path, deadline), new VersionRequest { Version = "v1" }, VersionResponse.Parser, cancel ?? _cancel);

    [Fact]
    public async Task A_call_is_answered() => Assert.Equal("v1", (await Call("/echo")).Version);

    [Theory]
    [InlineData("/fail", GrpcStatusCode.NotFound, "café %%2 not found")]
    [InlineData("/failafter", GrpcStatusCode.ResourceExhausted, "enough")]
    [InlineData("/nowhere", GrpcStatusCode.Unknown, "unexpected HTTP status code received from server: 404")]
    [InlineData("/notrailers", GrpcStatusCode.Internal, "server closed the stream without sending trailers")]
    [InlineData("/huge", GrpcStatusCode.ResourceExhausted, "the answer has 2147483647 bytes, more than 67108864")]
    public async Task A_failure_has_its_code_and_words(string path, GrpcStatusCode code, string message)
    {
        var error = await Assert.ThrowsAsync<GrpcException>(() => Call(path));
        Assert.Equal((code, message), (error.Code, error.Message));
        Assert.Equal($"rpc error: code = {code} desc = {message}", error.RpcText);
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_Unavailable() =>
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<GrpcException>(() => Call("/cut"))).Code);

    [Fact]
    public async Task A_server_that_is_not_there_is_Unavailable_and_one_that_comes_back_is_found()
    {
        Assert.Equal("v1", (await Call("/echo")).Version);
        await _server.DisposeAsync();
        Assert.Equal(GrpcStatusCode.Unavailable, (await Assert.ThrowsAsync<GrpcException>(() => Call("/echo"))).Code);
        File.Delete(Socket);
        await InitializeAsync();
        Assert.Equal("v1", (await Call("/echo")).Version);
    }

    [Fact]
    public async Task A_deadline_ends_the_call_on_both_sides()
    {
        await Call("/echo"); // the connection is there: what ends is the call, not the wait for one
        var error = await Assert.ThrowsAsync<GrpcException>(() => Call("/silence", TimeSpan.FromMilliseconds(500)));
        Assert.Equal(GrpcStatusCode.DeadlineExceeded, error.Code);
        await _abandoned.Task.WaitAsync(_cancel);
    }

    [Fact]
    public async Task A_cancelled_call_is_an_OperationCanceledException()
    {
        using var cancel = new CancellationTokenSource();
        var call = Call("/silence", TimeSpan.FromMinutes(1), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task Both_sides_may_stream_at_the_same_time()
    {
        var answered = new SemaphoreSlim(1);
        var versions = new List<string>();
        await foreach (var answer in _channel.Duplex(new GrpcCall("/echo"), Requests(), VersionResponse.Parser, _cancel))
        {
            versions.Add(answer.Version);
            answered.Release();
        }
        Assert.Equal(["0", "1", "2"], versions);

        async IAsyncEnumerable<IMessage> Requests()
        {
            for (var i = 0; i < 3; i++)
            {
                await answered.WaitAsync(_cancel); // the next question only after the last answer
                yield return new VersionRequest { Version = $"{i}" };
            }
        }
    }

    [Theory]
    [InlineData(50, "50m")]
    [InlineData(0.2, "1m")]
    [InlineData(120_000, "120000m")]
    [InlineData(1_000_000_000, "1000000S")]
    public void A_deadline_is_written_with_at_most_eight_digits(double ms, string expected) =>
        Assert.Equal(expected, GrpcFraming.Timeout(TimeSpan.FromMilliseconds(ms)));
}
