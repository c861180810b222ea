using System.Text;
using Coracle.ApiServer;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Store;

namespace Coracle.Bench.Engine;

/// <summary>An API server over a store in memory, called as the HTTP server calls it.</summary>
internal sealed class Engine : IAsyncDisposable
{
    private static readonly User Admin = new() { Name = "admin", Groups = ["system:masters", "system:authenticated"] };

    /// <summary>How many pods there are to be read and changed.</summary>
    public const int Kept = 1000;

    private readonly ControlPlane _plane;

    private Engine(IStore store) => _plane = new ControlPlane(new ControlPlaneOptions { Store = store, Clock = TimeProvider.System, Random = new Random(1), Log = _ => { } });

    public static async Task<Engine> StartAsync(IStore? store = null, int kept = Kept)
    {
        var engine = new Engine(store ?? new MemoryStore());
        await engine.Send("POST", "/api/v1/namespaces", """{"metadata":{"name":"default"}}"""u8.ToArray());
        await engine.Send("POST", "/api/v1/namespaces/default/serviceaccounts", """{"metadata":{"name":"default"}}"""u8.ToArray());
        await engine.Send("POST", Requests.Pods, Requests.Pod("sample"));
        for (var i = 0; i < kept; i++) await engine.Send("POST", Requests.Pods, Requests.Pod("kept-" + Requests.Number(i)));
        return engine;
    }

    /// <summary>A pod as it is stored.</summary>
    public byte[] Pod => Stored("", "Pod", "default/sample");

    /// <summary>A kind as it is served.</summary>
    public Coracle.Schema.KindInfo Kind(string group, string kind) => Resource(group, kind).Kind;

    /// <summary>An object as it is stored.</summary>
    public byte[] Stored(string group, string kind, string key) => Resource(group, kind).Cache.Get(key)!.Json.ToArray();

    /// <summary>An object's revision.</summary>
    public long Revision(string group, string kind, string key) => Resource(group, kind).Cache.Get(key)!.Revision;

    private Resource Resource(string group, string kind) => _plane.Server.Resources.Find(new Coracle.Schema.GroupVersionKind(group, "v1", kind))!;

    /// <summary>Sends a request; the answer's length. Throws when it is refused.</summary>
    public async ValueTask<long> Send(string method, string path, byte[]? body = null, string contentType = "application/json", string query = "")
    {
        var answer = await _plane.Server.HandleAsync(new Request(body ?? [], contentType) { Method = method, Path = path, Query = query, Identity = Admin }, CancellationToken.None);
        var text = answer.Body switch { BytesBody bytes => bytes.Utf8, PiecesBody pieces => pieces.Pieces[0], _ => default };
        return answer.Status < 300 ? answer.Body is PiecesBody all ? all.Pieces.Sum(p => (long)p.Length) : text.Length : throw new InvalidOperationException(Encoding.UTF8.GetString(text.Span));
    }

    /// <summary>Lets go of the history, as a server does every few minutes.</summary>
    public async ValueTask Forget() => await _plane.Server.Store.CompactAsync(_plane.Server.Store.Revision);

    public ValueTask DisposeAsync() => _plane.DisposeAsync();

    private sealed class Request(byte[] body, string contentType) : ApiRequest
    {
        public override string? Header(string name) => name switch { "Content-Type" => contentType, "User-Agent" => "bench/1.0", _ => null };
        public override IEnumerable<KeyValuePair<string, string>> Headers => [new("Content-Type", contentType), new("User-Agent", "bench/1.0")];
        public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) => ValueTask.FromResult<Result<ReadOnlyMemory<byte>>>((ReadOnlyMemory<byte>)body);
    }
}
