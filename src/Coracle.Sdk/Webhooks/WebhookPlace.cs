using System.Text.Json.Nodes;

namespace Coracle.Sdk;

/// <summary>Where a server finds the webhooks, and whom it believes there.</summary>
public sealed record WebhookPlace
{
    private WebhookPlace() { }

    /// <summary>"https://host:port", before the webhook's path; "" for a service.</summary>
    public string BaseUrl { get; private init; } = "";

    /// <summary>The service's namespace and name.</summary>
    public Key Target { get; private init; }
    public int Port { get; private init; }

    /// <summary>The authorities in PEM that may have signed the server's certificate; empty for those of the machine, or where they are put in later.</summary>
    public ReadOnlyMemory<byte> CaBundle { get; init; }

    /// <summary>A service of the cluster: how webhooks that run in pods are reached.</summary>
    public static WebhookPlace Service(string ns, string name, int port = 443) => new() { Target = new(ns, name), Port = port };

    /// <summary>A server that need not be in the cluster, by "https://host:port".</summary>
    public static WebhookPlace Url(string baseUrl) => new() { BaseUrl = baseUrl.TrimEnd('/') };

    /// <summary>The names that the server's certificate must have.</summary>
    public IReadOnlyList<string> DnsNames => BaseUrl.Length > 0 ? [new Uri(BaseUrl).Host]
        : [$"{Target.Name}.{Target.Namespace}.svc", $"{Target.Name}.{Target.Namespace}", Target.Name, $"{Target.Name}.{Target.Namespace}.svc.cluster.local"];

    internal JsonObject ClientConfig(string path)
    {
        var config = new JsonObject();
        if (!CaBundle.IsEmpty) config["caBundle"] = Convert.ToBase64String(CaBundle.Span);
        if (BaseUrl.Length > 0) config["url"] = BaseUrl + path;
        else
        {
            var service = new JsonObject { ["namespace"] = Target.Namespace, ["name"] = Target.Name, ["path"] = path };
            if (Port != 443) service["port"] = Port;
            config["service"] = service;
        }
        return config;
    }
}
