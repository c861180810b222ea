using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Coracle.ApiServer.Access;
using Coracle.Serving;

namespace Coracle.ApiServer.Tests.Support;

/// <summary>The server behind real sockets on loopback, as the program serves it.</summary>
public sealed class HttpApi : IAsyncDisposable
{
    private readonly HttpServer _http;

    private HttpApi(Api api, HttpServer http) => (Api, _http) = (api, http);

    public Api Api { get; }

    internal static async Task<HttpApi> StartAsync(HttpLimits? limits = null)
    {
        var api = await Api.StartAsync(clock: TimeProvider.System);
        var pki = Pki.Create(new PkiOptions(), TimeProvider.System);
        return new HttpApi(api, await HttpServer.StartAsync(api.Server, IPAddress.Loopback, 0, () => pki.ServingCertificate, limits));
    }

    public HttpClient Client(Version version)
    {
        var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true }, AutomaticDecompression = DecompressionMethods.None };
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://127.0.0.1:{_http.Port}"), DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", "root") },
        };
    }

    /// <summary>A connection on which a test says what it likes.</summary>
    public async Task<RawConnection> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _http.Port, TestContext.Current.CancellationToken);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), false, static (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync("127.0.0.1");
        return new RawConnection(socket, stream);
    }

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        await Api.DisposeAsync();
    }
}

/// <summary>A TLS connection that is written and read by hand.</summary>
public sealed class RawConnection(Socket socket, SslStream stream) : IDisposable
{
    // A server that hangs fails the test instead of the whole run.
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));

    public Task Say(string text) => Say(Encoding.Latin1.GetBytes(text));

    public async Task Say(byte[] bytes)
    {
        await stream.WriteAsync(bytes, _patience.Token);
        await stream.FlushAsync(_patience.Token);
    }

    /// <summary>All that the server says until it closes the connection.</summary>
    public async Task<string> HearAll()
    {
        var heard = new MemoryStream();
        try
        {
            await stream.CopyToAsync(heard, _patience.Token);
        }
        catch (IOException)
        {
            // Closed without a word.
        }
        return Encoding.UTF8.GetString(heard.ToArray());
    }

    /// <summary>What the server says until it has said this.</summary>
    public async Task<string> HearUntil(string end)
    {
        var heard = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (!heard.ToString().Contains(end, StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, _patience.Token);
            if (read == 0) break;
            heard.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return heard.ToString();
    }

    /// <summary>Gone at once, without a goodbye of TLS or TCP.</summary>
    public void Vanish()
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    public void Dispose()
    {
        stream.Dispose();
        _patience.Dispose();
    }
}
