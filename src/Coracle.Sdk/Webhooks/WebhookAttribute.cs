namespace Coracle.Sdk;

/// <summary>
/// What the configuration says of a webhook, on the class that answers it, which must be partial: the generator writes down what the attribute says.
/// <code>
/// [Webhook(Operations = [AdmissionOperation.Create], TimeoutSeconds = 5)]
/// public sealed partial class BackupValidator : IValidator&lt;Backup&gt; { ... }
/// </code>
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WebhookAttribute : Attribute
{
    /// <summary>A full domain name, unique in its configuration; made of the kind unless given.</summary>
    public string Name { get; set; } = "";

    /// <summary>Where it is served; made of the kind unless given, as controller-runtime does.</summary>
    public string Path { get; set; } = "";

    /// <summary>About what it is asked: CREATE and UPDATE unless given.</summary>
    public string[] Operations { get; set; } = [];

    /// <summary>Sub-resources about which it is asked besides the object itself: "status", "scale".</summary>
    public string[] SubResources { get; set; } = [];

    /// <summary>Fail or Ignore: what becomes of a request when the webhook cannot be asked.</summary>
    public string FailurePolicy { get; set; } = "Fail";

    /// <summary>None, or NoneOnDryRun: whether answering changes anything elsewhere.</summary>
    public string SideEffects { get; set; } = "None";

    /// <summary>Exact or Equivalent.</summary>
    public string MatchPolicy { get; set; } = "Equivalent";

    /// <summary>Never or IfNeeded: whether a mutating webhook is asked again when others changed the object after it.</summary>
    public string ReinvocationPolicy { get; set; } = "Never";

    /// <summary>How long the server waits, 1 to 30.</summary>
    public int TimeoutSeconds { get; set; } = 10;
}

/// <summary>What an attribute says of a webhook. Generated; written by hand where there is no generator.</summary>
public interface IDeclaredWebhook
{
    WebhookAttribute Declared { get; }
}
