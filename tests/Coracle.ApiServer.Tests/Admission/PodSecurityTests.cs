using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Admission;

/// <summary>Pod Security, check by check and in upstream's words.</summary>
public sealed class PodSecurityTests : IAsyncLifetime
{
    /// <summary>A container that even "restricted" accepts.</summary>
    private const string Good = """{"name":"a","image":"i","securityContext":{"allowPrivilegeEscalation":false,"capabilities":{"drop":["ALL"]},"runAsNonRoot":true,"seccompProfile":{"type":"RuntimeDefault"}}}""";

    private Api _api = null!;

    public async ValueTask InitializeAsync() => _api = await Api.StartAsync(security: new PodSecurityOptions
    {
        ExemptNamespaces = new HashSet<string> { "free" }, ExemptUsers = new HashSet<string> { "ann" }, ExemptRuntimeClasses = new HashSet<string> { "sandbox" },
    });

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_api.Errors);
        await _api.DisposeAsync();
    }

    private async Task<string> Namespace(string name, params string[] labels)
    {
        var all = labels.Select(l => l.Split('=')).Select(l => $"\"pod-security.kubernetes.io/{l[0]}\":\"{l[1]}\"");
        await _api.Create("/api/v1/namespaces", $$$"""{"metadata":{"name":"{{{name}}}","labels":{ {{{string.Join(',', all)}}} } } }""");
        await _api.Create($"/api/v1/namespaces/{name}/serviceaccounts", """{"metadata":{"name":"default"}}""");
        return $"/api/v1/namespaces/{name}/pods";
    }

    private static string Pod(string spec, string meta = "") => $$$"""{"metadata":{"name":"p"{{{meta}}}},"spec":{ {{{spec}}} } }""";

    private static string With(string container, string spec = "") => $"\"containers\":[{{\"name\":\"a\",\"image\":\"i\",{container}}}]{spec}";

    [Theory]
    [InlineData("", "\"securityContext\":{\"privileged\":true}", "privileged (container \"a\" must not set securityContext.privileged=true)")]
    [InlineData(",\"hostNetwork\":true,\"hostPID\":true", "\"tty\":false", "host namespaces (hostNetwork=true, hostPID=true)")]
    [InlineData(",\"volumes\":[{\"name\":\"v\",\"hostPath\":{\"path\":\"/\"}}]", "\"tty\":false", "hostPath volumes (volume \"v\")")]
    [InlineData("", "\"ports\":[{\"containerPort\":80,\"hostPort\":80},{\"containerPort\":81,\"hostPort\":443}]", "hostPort (container \"a\" uses hostPorts 443, 80)")]
    [InlineData("", "\"livenessProbe\":{\"httpGet\":{\"port\":80,\"host\":\"h\"}}", "probe or lifecycle host (container \"a\" uses probe or lifecycle host \"h\")")]
    [InlineData("", "\"securityContext\":{\"capabilities\":{\"add\":[\"SYS_ADMIN\",\"NET_RAW\",\"CHOWN\"]}}", "non-default capabilities (container \"a\" must not include \"NET_RAW\", \"SYS_ADMIN\" in securityContext.capabilities.add)")]
    [InlineData(",\"securityContext\":{\"seLinuxOptions\":{\"type\":\"spc_t\",\"user\":\"u\"}}", "\"tty\":false", "seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type \"spc_t\"; user may not be set)")]
    [InlineData(",\"securityContext\":{\"seccompProfile\":{\"type\":\"Unconfined\"}}", "\"securityContext\":{\"seccompProfile\":{\"type\":\"Unconfined\"}}", "seccompProfile (pod and container \"a\" must not set securityContext.seccompProfile.type to \"Unconfined\")")]
    [InlineData(",\"securityContext\":{\"appArmorProfile\":{\"type\":\"Unconfined\"}}", "\"tty\":false", "forbidden AppArmor profile (pod must not set AppArmor profile type to \"Unconfined\")")]
    [InlineData(",\"securityContext\":{\"sysctls\":[{\"name\":\"kernel.msgmax\",\"value\":\"1\"},{\"name\":\"net.ipv4.tcp_rmem\",\"value\":\"1\"}]}", "\"tty\":false", "forbidden sysctls (kernel.msgmax)")]
    [InlineData("", "\"tty\":false", "")]
    public async Task Baseline_finds_what_a_pod_may_not(string spec, string container, string found)
    {
        var pods = await Namespace("b", "enforce=baseline");
        var answer = await _api.Post(pods, Pod(With(container, spec)));
        if (found.Length == 0) Assert.Equal(201, answer.Code);
        else Assert.Equal((403, "Forbidden", $"pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": {found}"), answer.Status);
    }

    [Theory]
    [InlineData(With1, "allowPrivilegeEscalation != false (container \"a\" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"a\" must set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"a\" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \"a\" must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")")]
    [InlineData("\"containers\":[" + Good + "]", "")]
    [InlineData("\"containers\":[" + Good + "],\"securityContext\":{\"runAsUser\":0}", "runAsUser=0 (pod must not set runAsUser=0)")]
    [InlineData("\"containers\":[" + Good + "],\"securityContext\":{\"runAsUser\":0},\"hostUsers\":false", "")]
    [InlineData("\"containers\":[" + Good + "],\"securityContext\":{\"runAsNonRoot\":false}", "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)")]
    [InlineData("\"containers\":[" + Good + "],\"volumes\":[{\"name\":\"v\",\"nfs\":{\"server\":\"s\",\"path\":\"/\"}},{\"name\":\"w\",\"hostPath\":{\"path\":\"/\"}},{\"name\":\"x\",\"emptyDir\":{}}]",
        "restricted volume types (volumes \"v\", \"w\" use restricted volume types \"hostPath\", \"nfs\")")]
    public async Task Restricted_demands_more(string spec, string found)
    {
        var pods = await Namespace("r", "enforce=restricted");
        var answer = await _api.Post(pods, Pod(spec));
        if (found.Length == 0) Assert.True(answer.Code == 201, answer.Text);
        else Assert.Equal((403, $"pods \"p\" is forbidden: violates PodSecurity \"restricted:latest\": {found}"), (answer.Code, answer.Message));
    }

    private const string With1 = "\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]";

    [Theory]
    [InlineData("v1.33", "\"livenessProbe\":{\"tcpSocket\":{\"port\":80,\"host\":\"h\"}}", 201)]
    [InlineData("v1.34", "\"livenessProbe\":{\"tcpSocket\":{\"port\":80,\"host\":\"h\"}}", 403)]
    [InlineData("v1.30", "\"securityContext\":{\"seLinuxOptions\":{\"type\":\"container_engine_t\"}}", 403)]
    [InlineData("v1.31", "\"securityContext\":{\"seLinuxOptions\":{\"type\":\"container_engine_t\"}}", 201)]
    [InlineData("v1.99", "\"securityContext\":{\"privileged\":true}", 403)]
    public async Task A_version_is_as_strict_as_its_release_was(string version, string container, int code)
    {
        var pods = await Namespace("v", "enforce=baseline", $"enforce-version={version}");
        var answer = await _api.Post(pods, Pod(With(container)));
        Assert.Equal(code, answer.Code);
        if (code == 403) Assert.Contains($"violates PodSecurity \"baseline:{version}\"", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_and_ephemeral_containers_count_and_updates_that_matter()
    {
        var pods = await Namespace("b", "enforce=baseline");
        Assert.Equal("pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": privileged (containers \"i\", \"a\" must not set securityContext.privileged=true)",
            (await _api.Post(pods, Pod("\"initContainers\":[{\"name\":\"i\",\"image\":\"i\",\"securityContext\":{\"privileged\":true}}]," + With("\"securityContext\":{\"privileged\":true}")))).Message);
        await _api.Create(pods, Pod(With("\"tty\":false")));
        var debug = await _api.Patch($"{pods}/p/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"d","image":"i","securityContext":{"privileged":true}}]}}""", Api.Strategic);
        Assert.Equal("pods \"p\" is forbidden: violates PodSecurity \"baseline:latest\": privileged (container \"d\" must not set securityContext.privileged=true)", debug.Message);
    }

    [Fact]
    public async Task What_is_already_there_may_be_labelled_after_its_namespace_became_stricter()
    {
        var pods = await Namespace("b");
        await _api.Create(pods, Pod(With("\"securityContext\":{\"privileged\":true}")));
        var stricter = await _api.Patch("/api/v1/namespaces/b", """{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"baseline"}}}""");
        Assert.Equal(["existing pods in namespace \"b\" violate the new PodSecurity enforce level \"baseline:latest\"", "p: privileged"], stricter.Warnings);
        Assert.Equal(200, (await _api.Patch($"{pods}/p", """{"metadata":{"labels":{"a":"b"}}}""")).Code);
        Assert.Equal(403, (await _api.Patch($"{pods}/p", """{"spec":{"containers":[{"name":"a","image":"other"}]}}""", Api.Strategic)).Code);
    }

    [Fact]
    public async Task Workloads_are_warned_of_and_not_refused()
    {
        await Namespace("w", "enforce=baseline");
        var deployment = await _api.Create("/apis/apps/v1/namespaces/w/deployments",
            """{"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i","securityContext":{"privileged":true}}]}}}}""");
        Assert.Equal(["would violate PodSecurity \"baseline:latest\": privileged (container \"c\" must not set securityContext.privileged=true)"], deployment.Warnings);
        var job = await _api.Create("/apis/batch/v1/namespaces/w/cronjobs",
            """{"metadata":{"name":"j"},"spec":{"schedule":"* * * * *","jobTemplate":{"spec":{"template":{"spec":{"hostNetwork":true,"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}""");
        Assert.Equal(["would violate PodSecurity \"baseline:latest\": host namespaces (hostNetwork=true)"], job.Warnings);
    }

    [Fact]
    public async Task Warnings_have_a_level_of_their_own()
    {
        var pods = await Namespace("w", "enforce=baseline", "warn=restricted", "warn-version=v1.21");
        var created = await _api.Create(pods, Pod(With1));
        var warning = Assert.Single(created.Warnings);
        Assert.StartsWith("would violate PodSecurity \"restricted:v1.21\": allowPrivilegeEscalation != false", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("capabilities", warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_must_mean_something()
    {
        var refused = await _api.Post("/api/v1/namespaces", """{"metadata":{"name":"x","labels":{"pod-security.kubernetes.io/enforce":"strict","pod-security.kubernetes.io/warn-version":"1.2"}}}""");
        Assert.Equal((422, "Namespace \"x\" is invalid: [metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"strict\": must be one of privileged, baseline, restricted, metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: \"1.2\": must be \"latest\" or \"v1.x\"]"),
            (refused.Code, refused.Message));
    }

    [Fact]
    public async Task Exemptions_are_by_namespace_user_and_runtime_class()
    {
        const string spec = "\"containers\":[{\"name\":\"a\",\"image\":\"i\",\"securityContext\":{\"privileged\":true}}]";
        var created = await _api.Create("/api/v1/namespaces", """{"metadata":{"name":"free","labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""");
        Assert.Equal(["namespace \"free\" is exempt from Pod Security, and the policy (enforce=restricted:latest) will be ignored"], created.Warnings);
        await _api.Create("/api/v1/namespaces/free/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await _api.Create("/api/v1/namespaces/free/pods", Pod(spec));
        var pods = await Namespace("b", "enforce=baseline");
        Assert.Equal(403, (await _api.Post(pods, Pod(spec))).Code);
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """{"metadata":{"name":"a"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"all"},"subjects":[{"kind":"User","name":"ann","apiGroup":"rbac.authorization.k8s.io"}]}""");
        await _api.Create("/apis/rbac.authorization.k8s.io/v1/clusterroles", """{"metadata":{"name":"all"},"rules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"]}]}""");
        Assert.Equal(201, (await _api.Send("POST", pods, Pod(spec), new How { User = new() { Name = "ann" } })).Code);
    }
}
