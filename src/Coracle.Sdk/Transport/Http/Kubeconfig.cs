using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>One or several kubeconfig files, read as kubectl does: of several, the first to say something wins, name by name.</summary>
public sealed class Kubeconfig
{
    private readonly Dictionary<string, Section> clusters = [];
    private readonly Dictionary<string, Section> users = [];
    private readonly Dictionary<string, Section> contexts = [];

    private Kubeconfig() { }

    // A named entry, and the folder of its file: relative paths start there.
    private sealed record Section(JsonObject Node, string Folder);

    /// <summary>The context that is used unless another is asked for.</summary>
    public string CurrentContext { get; private set; } = "";
    /// <summary>The names of all contexts.</summary>
    public IReadOnlyCollection<string> Contexts => contexts.Keys;

    /// <summary>The files that exist of KUBECONFIG, or ~/.kube/config.</summary>
    public static IReadOnlyList<string> DefaultFiles()
    {
        var named = Environment.GetEnvironmentVariable("KUBECONFIG");
        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        var files = string.IsNullOrEmpty(named) ? [home] : named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return [.. files.Where(File.Exists)];
    }

    /// <summary>Reads files; what the first says of a name counts.</summary>
    public static Kubeconfig Load(IReadOnlyList<string> files)
    {
        var config = new Kubeconfig();
        foreach (var file in files)
        {
            try
            {
                config.Add(File.ReadAllText(file), Path.GetDirectoryName(Path.GetFullPath(file))!);
            }
            catch (Exception failure) when (failure is FormatException or IOException or UnauthorizedAccessException)
            {
                throw new ClusterConfigException($"the kubeconfig {file} cannot be read: {failure.Message}", failure);
            }
        }
        return config;
    }

    /// <summary>Reads the text of a kubeconfig.</summary>
    public static Kubeconfig Parse(string text, string folder = "/")
    {
        var config = new Kubeconfig();
        config.Add(text, folder);
        return config;
    }

    private void Add(string text, string folder)
    {
        if (!Yaml.TryRead(text, strict: false, out var document, out var error)) throw new FormatException(error);
        if (document is not JsonObject root) return;
        if (CurrentContext.Length == 0) CurrentContext = Text(root, "current-context");
        Collect(root, "clusters", "cluster", clusters, folder);
        Collect(root, "users", "user", users, folder);
        Collect(root, "contexts", "context", contexts, folder);
    }

    private static void Collect(JsonObject root, string list, string item, Dictionary<string, Section> into, string folder)
    {
        if (Child(root, list) is not JsonArray entries) return;
        foreach (var entry in entries.OfType<JsonObject>())
            into.TryAdd(Text(entry, "name"), new(Child(entry, item) as JsonObject ?? [], folder));
    }

    /// <summary>What a context says; null for the current one.</summary>
    public ClusterConfig ToConfig(string? context = null)
    {
        var name = context ?? CurrentContext;
        if (!contexts.TryGetValue(name, out var found)) throw new ClusterConfigException(name.Length == 0 ? "no context is current" : $"context \"{name}\" does not exist");
        var clusterName = Text(found.Node, "cluster");
        if (!clusters.TryGetValue(clusterName, out var cluster)) throw new ClusterConfigException($"cluster \"{clusterName}\" does not exist");
        var user = users.GetValueOrDefault(Text(found.Node, "user")) ?? new([], "/");
        var ns = Text(found.Node, "namespace");
        return new()
        {
            Server = Uri.TryCreate(Text(cluster.Node, "server"), UriKind.Absolute, out var server) ? server : throw new ClusterConfigException($"cluster \"{clusterName}\" has no server"),
            Authorities = Authorities(cluster),
            InsecureSkipTlsVerify = Text(cluster.Node, "insecure-skip-tls-verify") == "true",
            TlsServerName = Text(cluster.Node, "tls-server-name"),
            Proxy = Text(cluster.Node, "proxy-url") is { Length: > 0 } proxy ? new Uri(proxy) : null,
            Credentials = CredentialsOf(user, cluster),
            Impersonate = Text(user.Node, "as") is { Length: > 0 } other ? new(other, Texts(user.Node, "as-groups")) { Uid = Text(user.Node, "as-uid") } : null,
            Namespace = ns.Length > 0 ? ns : "default",
        };
    }

    private static X509Certificate2Collection Authorities(Section cluster)
    {
        var all = new X509Certificate2Collection();
        if (Pem(cluster, "certificate-authority") is { Length: > 0 } pem) all.ImportFromPem(pem);
        return all;
    }

    // In the order in which client-go prefers them.
    private static Credentials CredentialsOf(Section user, Section cluster)
    {
        var certificate = Certificate(user);
        if (Text(user.Node, "tokenFile") is { Length: > 0 } file) return new TokenFileCredentials(Path.Combine(user.Folder, file), certificate);
        if (Text(user.Node, "token") is { Length: > 0 } token) return new StaticCredentials(token, certificate);
        if (Text(user.Node, "username") is { Length: > 0 } name) return new StaticCredentials(name, Text(user.Node, "password"), certificate);
        if (certificate is null && Child(user.Node, "exec") is JsonObject exec) return new ExecCredentials(Plugin(exec, user.Folder, cluster));
        return new StaticCredentials(certificate);
    }

    private static X509Certificate2? Certificate(Section user)
    {
        var (certificate, key) = (Pem(user, "client-certificate"), Pem(user, "client-key"));
        if (certificate.Length == 0) return null;
        try
        {
            return X509Certificate2.CreateFromPem(certificate, key.Length > 0 ? key : certificate);
        }
        catch (CryptographicException failure)
        {
            throw new ClusterConfigException($"the client certificate cannot be used: {failure.Message}", failure);
        }
    }

    private static ExecPlugin Plugin(JsonObject exec, string folder, Section cluster)
    {
        var command = Text(exec, "command");
        // A path is relative to the file; a bare name is looked for in PATH.
        if (command.Contains('/', StringComparison.Ordinal)) command = Path.GetFullPath(command, folder);
        return new()
        {
            ApiVersion = Text(exec, "apiVersion"), Command = command, Arguments = Texts(exec, "args"), InstallHint = Text(exec, "installHint"),
            Environment = [.. (Child(exec, "env") as JsonArray ?? []).OfType<JsonObject>().Select(e => KeyValuePair.Create(Text(e, "name"), Text(e, "value")))],
            Cluster = Text(exec, "provideClusterInfo") != "true" ? null : new()
            {
                ["server"] = Text(cluster.Node, "server"),
                ["certificate-authority-data"] = Pem(cluster, "certificate-authority") is { Length: > 0 } pem ? Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(pem)) : null,
            },
        };
    }

    // "name-data" holds it in base64, "name" says the file.
    private static string Pem(Section section, string name)
    {
        try
        {
            if (Text(section.Node, name + "-data") is { Length: > 0 } data) return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
            return Text(section.Node, name) is { Length: > 0 } file ? File.ReadAllText(Path.Combine(section.Folder, file)) : "";
        }
        catch (Exception failure) when (failure is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new ClusterConfigException($"{name} cannot be read: {failure.Message}", failure);
        }
    }

    private static JsonNode? Child(JsonObject node, string name) => node[name];

    // A token of digits alone reads as a number.
    private static string Text(JsonObject node, string name) => Child(node, name) is JsonValue value ? Text(value) : "";
    private static string Text(JsonValue value) => value.TryGetValue<string>(out var text) ? text : value.ToJsonString();
    private static IReadOnlyList<string> Texts(JsonObject node, string name) => [.. (Child(node, name) as JsonArray ?? []).OfType<JsonValue>().Select(Text)];
}
