using System.Text.Json;
using Coracle.Kinds.Core.V1;
using Coracle.Node.Agent;
using Coracle.Node.Cri;
using Coracle.Node.Cri.V1;
using Coracle.Sdk;
using Container = Coracle.Kinds.Core.V1.Container;

namespace Coracle.Node.Pods;

/// <summary>Why a container cannot be started yet: shown as its waiting state.</summary>
internal sealed class StartException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;

    /// <summary>What the event "Failed" says of it; empty when another event has said it.</summary>
    public string Event { get; init; } = reason.Contains("Image", StringComparison.Ordinal) ? $"Error: {reason}" : $"Error: {message}";
}

/// <summary>Gets images, with upstream's rules of when to ask the registry and how long to wait after a failure.</summary>
internal sealed class ImagePuller(NodeOptions options)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, (DateTimeOffset Until, TimeSpan Pause, string Why)> _failed = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The image's reference for the runtime. Throws <see cref="StartException"/> with ErrImagePull, ImagePullBackOff, ErrImageNeverPull or InvalidImageName.</summary>
    public async Task<string> Ensure(Pod pod, Container container, ContainerEvents events, CancellationToken cancel)
    {
        var image = ImageNames.WithTag(container.Image);
        var present = await options.Runtime.ImageStatus(new ImageSpec { Image = image }, cancel);
        if (container.ImagePullPolicy == PullPolicy.Never && present is null)
        {
            var missing = $"Container image \"{container.Image}\" is not present with pull policy of Never";
            events.Warning("ErrImageNeverPull", missing);
            throw new StartException("ErrImageNeverPull", missing);
        }
        if (present is not null && container.ImagePullPolicy != PullPolicy.Always)
        {
            events.Normal("Pulled", $"Container image \"{container.Image}\" already present on machine and can be accessed by the pod");
            return present.Id;
        }
        return await Pull(pod, container, image, events, cancel);
    }

    private async Task<string> Pull(Pod pod, Container container, string image, ContainerEvents events, CancellationToken cancel)
    {
        var key = $"{pod.Metadata.Uid}/{image}";
        var started = options.Clock.GetUtcNow();
        if (Failed(key, started) is { } why)
        {
            var waiting = $"Back-off pulling image \"{container.Image}\"";
            events.Normal("BackOff", waiting);
            throw new StartException("ImagePullBackOff", $"{waiting}: ErrImagePull: {why}");
        }
        events.Normal("Pulling", $"Pulling image \"{container.Image}\"");
        try
        {
            var id = await PullWithSecrets(pod, image, cancel);
            lock (_lock) _failed.Remove(key);
            var took = options.Clock.GetUtcNow() - started;
            var size = (await options.Runtime.ImageStatus(new ImageSpec { Image = id }, cancel))?.Size ?? 0;
            events.Normal("Pulled", $"Successfully pulled image \"{container.Image}\" in {GoDuration.Format(took)} ({GoDuration.Format(took)} including waiting). Image size: {size} bytes.");
            return id;
        }
        catch (GrpcException e)
        {
            lock (_lock)
            {
                var pause = _failed.TryGetValue(key, out var before) ? before.Pause * 2 > LongestPause ? LongestPause : before.Pause * 2 : FirstPause;
                _failed[key] = (options.Clock.GetUtcNow() + pause, pause, e.RpcText);
            }
            events.Warning("Failed", $"Failed to pull image \"{container.Image}\": {e.RpcText}");
            throw new StartException("ErrImagePull", e.RpcText);
        }
    }

    private string? Failed(string key, DateTimeOffset now)
    {
        lock (_lock) return _failed.TryGetValue(key, out var failed) && failed.Until > now ? failed.Why : null;
    }

    private async Task<string> PullWithSecrets(Pod pod, string image, CancellationToken cancel)
    {
        GrpcException? last = null;
        foreach (var credentials in await Credentials(pod, image, cancel))
        {
            try
            {
                return await options.Runtime.PullImage(new ImageSpec { Image = image }, credentials, null, cancel);
            }
            catch (GrpcException e)
            {
                last = e;
            }
        }
        throw last!;
    }

    // No credentials come last: a secret that does not fit must not keep a public image away.
    private async Task<List<AuthConfig?>> Credentials(Pod pod, string image, CancellationToken cancel)
    {
        var found = new List<AuthConfig?>();
        foreach (var reference in pod.Spec.ImagePullSecrets ?? [])
        {
            var secret = await options.Client.TryGetAsync<Secret>(new Key(pod.Metadata.Namespace, reference.Name), cancel);
            if (secret?.Data?.GetValueOrDefault(".dockerconfigjson") is { } config && Login(config, ImageNames.Registry(image)) is { } login) found.Add(login);
        }
        found.Add(null);
        return found;
    }

    private static AuthConfig? Login(byte[] config, string registry)
    {
        try
        {
            using var document = JsonDocument.Parse(config);
            if (!document.RootElement.TryGetProperty("auths", out var auths)) return null;
            foreach (var entry in auths.EnumerateObject())
            {
                var host = entry.Name.Replace("https://", "", StringComparison.Ordinal).Replace("http://", "", StringComparison.Ordinal).Split('/')[0];
                if (host != registry) continue;
                var login = new AuthConfig { ServerAddress = entry.Name };
                if (entry.Value.TryGetProperty("username", out var user)) login.Username = user.GetString() ?? "";
                if (entry.Value.TryGetProperty("password", out var password)) login.Password = password.GetString() ?? "";
                if (entry.Value.TryGetProperty("auth", out var auth)) login.Auth = auth.GetString() ?? "";
                return login;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A secret of the wrong form is as good as none.
        }
        return null;
    }
}

/// <summary>Names of images as registries know them.</summary>
internal static class ImageNames
{
    /// <summary>"nginx" is "docker.io/library/nginx:latest".</summary>
    public static string WithTag(string image)
    {
        var slash = image.IndexOf('/', StringComparison.Ordinal);
        var first = slash < 0 ? "" : image[..slash];
        var hasRegistry = first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost";
        var full = hasRegistry ? image : slash < 0 ? $"docker.io/library/{image}" : $"docker.io/{image}";
        var name = full[(full.LastIndexOf('/') + 1)..];
        return name.Contains(':', StringComparison.Ordinal) || name.Contains('@', StringComparison.Ordinal) ? full : full + ":latest";
    }

    public static string Registry(string fullImage) => fullImage[..fullImage.IndexOf('/', StringComparison.Ordinal)];
}

/// <summary>Durations as Go prints them: "1.5s", "320ms".</summary>
internal static class GoDuration
{
    public static string Format(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 1000 } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0}ms"),
        { TotalSeconds: < 60 } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s"),
        { TotalMinutes: < 60 } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}m{time.Seconds}s"),
        _ => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(int)time.TotalHours}h{time.Minutes}m{time.Seconds}s"),
    };
}
