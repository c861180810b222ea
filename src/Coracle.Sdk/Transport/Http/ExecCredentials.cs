using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Sdk;

/// <summary>What a kubeconfig says of a credential plugin.</summary>
public sealed record ExecPlugin
{
    /// <summary>"client.authentication.k8s.io/v1" or "/v1beta1".</summary>
    public required string ApiVersion { get; init; }
    /// <summary>The program to run.</summary>
    public required string Command { get; init; }
    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];
    /// <summary>What is added to its environment.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; } = [];
    /// <summary>What to tell a user who has not got the program.</summary>
    public string InstallHint { get; init; } = "";

    /// <summary>Tell the plugin of the cluster (provideClusterInfo): this object, as spec.cluster; null not to.</summary>
    public JsonObject? Cluster { get; init; }
}

/// <summary>Credentials that a program makes (aws, gke-gcloud-auth-plugin, kubelogin): run when there are none, when they expire, and when the server refuses them.</summary>
public sealed class ExecCredentials(ExecPlugin plugin) : Credentials
{
    private readonly SemaphoreSlim one = new(1, 1);
    private volatile Made? made;

    private sealed record Made(string Token, X509Certificate2? Certificate, DateTimeOffset? Expires);

    /// <inheritdoc/>
    public override X509Certificate2? Certificate => made?.Certificate;

    /// <inheritdoc/>
    public override async ValueTask<string> AuthorizationAsync(TimeProvider time, CancellationToken cancel)
    {
        if (IsFresh(made, time)) return Header(made!);
        await one.WaitAsync(cancel);
        try
        {
            if (!IsFresh(made, time)) made = await MakeAsync(cancel);
            return Header(made!);
        }
        finally
        {
            one.Release();
        }
    }

    /// <inheritdoc/>
    public override bool TryRenew()
    {
        var had = made is not null;
        made = null;
        return had;
    }

    private static bool IsFresh(Made? made, TimeProvider time) => made is not null && (made.Expires is null || time.GetUtcNow() < made.Expires);
    private static string Header(Made made) => made.Token.Length > 0 ? $"Bearer {made.Token}" : "";

    private async Task<Made> MakeAsync(CancellationToken cancel)
    {
        var start = new ProcessStartInfo(plugin.Command) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in plugin.Arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in plugin.Environment) start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = Info().ToJsonString();
        try
        {
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0) throw new ClusterConfigException($"getting credentials: exec: executable {plugin.Command} failed with exit code {process.ExitCode}");
            return Read(output);
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            var hint = plugin.InstallHint.Length > 0 ? $"\n\n{plugin.InstallHint}" : "";
            throw new ClusterConfigException($"getting credentials: exec: executable {plugin.Command} not found{hint}", failure);
        }
    }

    private JsonObject Info()
    {
        var spec = new JsonObject { ["interactive"] = false };
        if (plugin.Cluster is { } cluster) spec["cluster"] = cluster.DeepClone();
        return new() { ["kind"] = "ExecCredential", ["apiVersion"] = plugin.ApiVersion, ["spec"] = spec };
    }

    private Made Read(string output)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(output));
            var root = document.RootElement;
            if (Text(root, "apiVersion") != plugin.ApiVersion)
                throw new ClusterConfigException($"exec plugin is configured to use API version {plugin.ApiVersion}, plugin returned version {Text(root, "apiVersion")}");
            if (!root.TryGetProperty("status", out var status) || status.ValueKind != JsonValueKind.Object) throw new ClusterConfigException("exec plugin didn't return a status field");
            var (token, certificate, key) = (Text(status, "token"), Text(status, "clientCertificateData"), Text(status, "clientKeyData"));
            if (token.Length == 0 && certificate.Length == 0 && key.Length == 0) throw new ClusterConfigException("exec plugin didn't return a token or cert/key pair");
            if (certificate.Length == 0 != (key.Length == 0)) throw new ClusterConfigException("exec plugin returned only certificate or key, not both");
            var expires = Text(status, "expirationTimestamp") is { Length: > 0 } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : (DateTimeOffset?)null;
            return new(token, certificate.Length > 0 ? X509Certificate2.CreateFromPem(certificate, key) : null, expires);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or System.Security.Cryptography.CryptographicException)
        {
            throw new ClusterConfigException($"getting credentials: decoding stdout of {plugin.Command}: {failure.Message}", failure);
        }
    }

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
