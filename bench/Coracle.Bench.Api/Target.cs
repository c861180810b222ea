using Coracle.Bench.Http;
using Coracle.Sdk;

namespace Coracle.Bench;

/// <summary>The server that is measured, and what has been put there.</summary>
internal sealed class Target
{
    public Target(BenchOptions options, Endpoint endpoint, HttpTransport transport)
    {
        (Options, Endpoint) = (options, endpoint);
        Requests = new RequestBytes(endpoint);
        Process = new ServerProcess(options.Pids);
        Namespaces = new Namespaces(new Client(transport, new ClientOptions { UserAgent = "coracle-bench" }), options.Progress);
    }

    public BenchOptions Options { get; }
    public Endpoint Endpoint { get; }
    public RequestBytes Requests { get; }
    public ServerProcess Process { get; }
    public Namespaces Namespaces { get; }

    /// <summary>The namespace that holds <see cref="BenchOptions.Objects"/> pods; "" until there is one.</summary>
    public string Filled { get; set; } = "";

    public const int NameDigits = 7;
    public static string PodName(long i) => $"p-{i:D7}";
    public static string Pods(string ns) => $"/api/v1/namespaces/{ns}/pods";
    public string PodPath(long i) => $"{Pods(Filled)}/{PodName(i)}";
}
