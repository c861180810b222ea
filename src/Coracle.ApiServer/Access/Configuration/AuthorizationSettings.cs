using Coracle.Kinds.Apiserver.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>An authorization configuration that has been found good: who is asked, in order.</summary>
public sealed class AuthorizationSettings
{
    private static readonly string[] Versions = ["v1", "v1beta1", "v1alpha1"];
    private static readonly string[] Types = ["AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook"];
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromSeconds(30);

    private readonly List<(AuthorizerConfiguration Configuration, OutsideConnection? Connection, ReviewConditions? Conditions)> _authorizers = [];

    private AuthorizationSettings() { }

    /// <summary>Reads a configuration in YAML or JSON; null and what is wrong with it otherwise.</summary>
    /// <param name="text">The file.</param>
    /// <param name="connect">Where a webhook is, by the absolute path of a kubeconfig or, without one, by what surrounds this process; or why that cannot be said.</param>
    /// <param name="error">In upstream's words.</param>
    public static AuthorizationSettings? Parse(string text, Func<string?, (OutsideConnection? Connection, string Error)> connect, out string error)
    {
        if (ConfigurationText.Read<AuthorizationConfiguration>(text, "AuthorizationConfiguration", Versions, out error) is not { } configuration) return null;
        var (errors, settings) = (new FieldErrors(), new AuthorizationSettings());
        settings.Check(configuration.Authorizers ?? [], connect, errors);
        error = errors.Count > 0 ? ConfigurationText.Aggregate(errors) : "";
        return errors.Count > 0 ? null : settings;
    }

    private void Check(List<AuthorizerConfiguration> authorizers, Func<string?, (OutsideConnection?, string)> connect, FieldErrors errors)
    {
        var path = FieldPath.Of("authorizers");
        if (authorizers.Count == 0) errors.Required(path, "at least one authorization mode must be defined");
        HashSet<string> types = [], names = [];
        for (var i = 0; i < authorizers.Count; i++)
        {
            var (one, at) = (authorizers[i], path[i]);
            if (one.Type.Length == 0) errors.Required(at / "type");
            else if (!Types.Contains(one.Type)) errors.NotSupported(at / "type", one.Type, Types);
            else if (!types.Add(one.Type) && one.Type != "Webhook") errors.Duplicate(at / "type", one.Type);
            else
            {
                CheckName(one.Name, names, at / "name", errors);
                _authorizers.Add(Webhook(one, connect, at, errors));
            }
        }
    }

    private static void CheckName(string name, HashSet<string> names, FieldPath at, FieldErrors errors)
    {
        if (name.Length == 0) errors.Required(at);
        else if (!names.Add(name)) errors.Duplicate(at, name);
        else if (!DnsName.IsSubdomain(name))
            errors.Invalid(at, name, "authorizer name is invalid: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");
    }

    private static (AuthorizerConfiguration, OutsideConnection?, ReviewConditions?) Webhook(
        AuthorizerConfiguration one, Func<string?, (OutsideConnection?, string)> connect, FieldPath at, FieldErrors errors)
    {
        if (one.Type != "Webhook")
        {
            if (one.Webhook is not null) errors.Invalid(at / "webhook", "non-null", "may only be specified when type=Webhook");
            return (one, null, null);
        }
        if (one.Webhook is not { } webhook)
        {
            errors.Required(at / "webhook", "required when type=Webhook");
            return (one, null, null);
        }
        webhook.AuthorizedTTL ??= "5m";
        webhook.UnauthorizedTTL ??= "30s";
        CheckTimes(webhook, at, errors);
        CheckWords(webhook, at, errors);
        var connection = Connect(webhook.ConnectionInfo, connect, at / "connectionInfo", errors);
        return (one, connection, ReviewConditions.Compile(webhook.MatchConditions, at / "matchConditions", errors));
    }

    private static void CheckTimes(AuthorizationWebhook webhook, FieldPath at, FieldErrors errors)
    {
        if (Time(webhook.Timeout, at / "timeout", errors) is { } timeout && (timeout > TimeoutMax || timeout < TimeSpan.Zero)) errors.Invalid(at / "timeout", webhook.Timeout, "must be > 0s and <= 30s");
        if (Time(webhook.AuthorizedTTL, at / "authorizedTTL", errors) < TimeSpan.Zero) errors.Invalid(at / "authorizedTTL", webhook.AuthorizedTTL, "must be > 0s");
        if (Time(webhook.UnauthorizedTTL, at / "unauthorizedTTL", errors) < TimeSpan.Zero) errors.Invalid(at / "unauthorizedTTL", webhook.UnauthorizedTTL, "must be > 0s");
    }

    private static TimeSpan? Time(string? text, FieldPath at, FieldErrors errors)
    {
        var duration = TimeSpan.Zero;
        if (text is { Length: > 0 } && GoDuration.Parse(text, out duration) is { } wrong)
        {
            errors.Invalid(at, text, wrong);
            return null;
        }
        if (duration != TimeSpan.Zero) return duration;
        errors.Required(at);
        return null;
    }

    private static void CheckWords(AuthorizationWebhook webhook, FieldPath at, FieldErrors errors)
    {
        if (webhook.SubjectAccessReviewVersion.Length == 0) errors.Required(at / "subjectAccessReviewVersion");
        else if (webhook.SubjectAccessReviewVersion is not ("v1" or "v1beta1")) errors.NotSupported(at / "subjectAccessReviewVersion", webhook.SubjectAccessReviewVersion, ["v1", "v1beta1"]);
        var version = webhook.MatchConditionSubjectAccessReviewVersion;
        if (version.Length == 0)
        {
            if (webhook.MatchConditions?.Count > 0) errors.Required(at / "matchConditionSubjectAccessReviewVersion", "required if match conditions are specified");
        }
        else if (version != "v1") errors.NotSupported(at / "matchConditionSubjectAccessReviewVersion", version, ["v1"]);
        if (webhook.FailurePolicy.Length == 0) errors.Required(at / "failurePolicy");
        else if (webhook.FailurePolicy is not ("NoOpinion" or "Deny")) errors.NotSupported(at / "failurePolicy", webhook.FailurePolicy, ["NoOpinion", "Deny"]);
    }

    private static OutsideConnection? Connect(WebhookConnectionInfo info, Func<string?, (OutsideConnection? Connection, string Error)> connect, FieldPath at, FieldErrors errors)
    {
        var (file, path) = (info.KubeConfigFile, at / "kubeConfigFile");
        switch (info.Type)
        {
            case "":
                errors.Required(at / "type");
                return null;
            case "InClusterConfig":
                if (file is not null) errors.Invalid(path, file, "can only be set when type=KubeConfigFile");
                break;
            case "KubeConfigFile" when file is null or "":
                errors.Required(path);
                return null;
            case "KubeConfigFile" when file[0] != '/':
                errors.Invalid(path, file, "must be an absolute path");
                return null;
            case "KubeConfigFile":
                break;
            default:
                errors.NotSupported(at / "type", info.Type, ["InClusterConfig", "KubeConfigFile"]);
                return null;
        }
        var (connection, error) = connect(file);
        if (connection is null) errors.Invalid(file is null ? at / "type" : path, file ?? info.Type, error);
        return connection;
    }

    /// <summary>The chain of authorizers that the configuration asks for.</summary>
    internal IEnumerable<NamedAuthorizer> Chain(Authorization builtIn, WebhookTransport network, TimeProvider clock, AccessMetrics metrics)
    {
        foreach (var (one, connection, conditions) in _authorizers)
            yield return one.Type switch
            {
                "Node" => builtIn.Node with { Name = one.Name },
                "RBAC" => builtIn.Rbac with { Name = one.Name },
                "AlwaysAllow" => new(one.Type, one.Name, static (_, _) => new(Decision.Allow())),
                "AlwaysDeny" => new(one.Type, one.Name, static (_, _) => new(Decision.NoOpinion("Everything is forbidden."))),
                _ => new(one.Type, one.Name, new WebhookAuthorizer(Options(one.Name, one.Webhook!, connection!, conditions!, network, clock, metrics)).AuthorizeAsync),
            };
    }

    private static WebhookAuthorizerOptions Options(
        string name, AuthorizationWebhook webhook, OutsideConnection connection, ReviewConditions conditions, WebhookTransport network, TimeProvider clock, AccessMetrics metrics) => new()
    {
        Name = name, Connection = connection, Network = network, Clock = clock, Conditions = conditions, Timeout = Duration(webhook.Timeout), Version = webhook.SubjectAccessReviewVersion,
        AuthorizedLifetime = webhook.CacheAuthorizedRequests is false ? null : Duration(webhook.AuthorizedTTL),
        UnauthorizedLifetime = webhook.CacheUnauthorizedRequests is false ? null : Duration(webhook.UnauthorizedTTL),
        DeniesOnFailure = webhook.FailurePolicy == "Deny", OnAsked = metrics.WebhookAsked, OnFailedOpen = metrics.WebhookFailedOpen,
    };

    private static TimeSpan Duration(string? text) => GoDuration.Parse(text ?? "", out var duration) is null ? duration : throw new InvalidOperationException("a duration that has been checked");
}
