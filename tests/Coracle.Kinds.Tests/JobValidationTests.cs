using System.Text.Json.Nodes;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused of jobs and cron jobs, in upstream's words.</summary>
public sealed class JobValidationTests
{
    private const string Template = """{"metadata":{"labels":{"controller-uid":"u","batch.kubernetes.io/controller-uid":"u","job-name":"j","batch.kubernetes.io/job-name":"j"}},"spec":{"restartPolicy":"Never","containers":[{"name":"m","image":"x"}]}}""";
    private const string Selector = """{"matchLabels":{"batch.kubernetes.io/controller-uid":"u"}}""";
    private const string Fixed = ": field is immutable";

    // A job as the server makes it; what is given wins.
    private static string Job(string spec, string status = "{}", string name = "j") => $$"""
        {"metadata":{"name":"{{name}}","uid":"u"},"spec":{{Over($$"""{"selector":{{Selector}},"template":{{Template}}}""", spec)}},"status":{{status}}}
        """;

    private static string Over(string json, string fields)
    {
        var obj = JsonNode.Parse(json)!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($"{{{fields}}}")!.AsObject()) obj[name] = value?.DeepClone();
        return obj.ToJsonString();
    }

    private static string With(string spec) => spec.Replace("TEMPLATE", Template, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "")]
    [InlineData("\"parallelism\":-1", "spec.parallelism: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"completions\":-1", "spec.completions: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"activeDeadlineSeconds\":-5", "spec.activeDeadlineSeconds: Invalid value: -5: must be greater than or equal to 0")]
    [InlineData("\"backoffLimit\":-1", "spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"ttlSecondsAfterFinished\":-1", "spec.ttlSecondsAfterFinished: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"completionMode\":\"Indexed\"", "")]
    [InlineData("\"completionMode\":\"Indexed\",\"parallelism\":2", "spec.completions: Required value: when completion mode is Indexed")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":1,\"parallelism\":100001", "spec.parallelism: Invalid value: 100001: must be less than or equal to 100000 when completion mode is Indexed")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":1,\"maxFailedIndexes\":2,\"backoffLimitPerIndex\":1", "spec.maxFailedIndexes: Invalid value: 2: must be less than or equal to completions")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":1,\"maxFailedIndexes\":1", "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":100001,\"parallelism\":10001,\"backoffLimitPerIndex\":1", "spec.maxFailedIndexes: Required value: must be specified when completions is above 100000|spec.parallelism: Invalid value: 10001: must be less than or equal to 10000 when completions are above 100000 and used with backoff limit per index")]
    [InlineData("\"backoffLimitPerIndex\":1", "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode")]
    [InlineData("\"successPolicy\":{\"rules\":[{\"succeededCount\":1}]}", "spec.successPolicy: Invalid value: {\"rules\":[{\"succeededCount\":1}]}: requires indexed completion mode")]
    [InlineData("\"managedBy\":\"me\"", "spec.managedBy: Invalid value: \"me\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData("\"managedBy\":\"\"", "spec.managedBy: Required value")]
    [InlineData("\"managedBy\":\"acme.io/foo\"", "")]
    [InlineData("\"podReplacementPolicy\":\"Now\"", "spec.podReplacementPolicy: Unsupported value: \"Now\": supported values: \"Failed\", \"TerminatingOrFailed\"")]
    [InlineData("\"template\":{\"metadata\":{\"labels\":{\"controller-uid\":\"u\",\"batch.kubernetes.io/controller-uid\":\"u\",\"job-name\":\"j\",\"batch.kubernetes.io/job-name\":\"j\"}},\"spec\":{\"containers\":[{\"name\":\"m\",\"image\":\"x\"}]}}", "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"")]
    public void A_job_is_refused(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors("batch/v1", "Job", Job(spec))));

    [Theory]
    [InlineData("""{"action":"FailJob","onExitCodes":{"operator":"In","values":[1,42]}}""", "")]
    [InlineData("""{"onExitCodes":{"operator":"In","values":[1]}}""", "[0].action: Required value: valid values: [\"Count\" \"FailIndex\" \"FailJob\" \"Ignore\"]")]
    [InlineData("""{"action":"Stop","onExitCodes":{"operator":"In","values":[1]}}""", "[0].action: Unsupported value: \"Stop\": supported values: \"Count\", \"FailIndex\", \"FailJob\", \"Ignore\"")]
    [InlineData("""{"action":"FailIndex","onExitCodes":{"operator":"In","values":[1]}}""", "[0].action: Invalid value: \"FailIndex\": requires the backoffLimitPerIndex to be set")]
    [InlineData("""{"action":"Count"}""", "[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required")]
    [InlineData("""{"action":"Count","onExitCodes":{"operator":"In","values":[1]},"onPodConditions":[{"type":"DisruptionTarget"}]}""", "[0]: Invalid value: specifying both OnExitCodes and OnPodConditions is not supported")]
    [InlineData("""{"action":"Count","onPodConditions":[{"type":"DisruptionTarget","status":"No"}]}""", "[0].onPodConditions[0].status: Unsupported value: \"No\": supported values: \"False\", \"True\", \"Unknown\"")]
    [InlineData("""{"action":"Count","onExitCodes":{"values":[1]}}""", "[0].onExitCodes.operator: Required value: valid values: [\"In\" \"NotIn\"]")]
    [InlineData("""{"action":"Count","onExitCodes":{"operator":"In","containerName":"z","values":[1]}}""", "[0].onExitCodes.containerName: Invalid value: \"z\": must be one of the container or initContainer names in the pod template")]
    [InlineData("""{"action":"Count","onExitCodes":{"operator":"In","values":[]}}""", "[0].onExitCodes.values: Invalid value: []: at least one value is required")]
    [InlineData("""{"action":"Count","onExitCodes":{"operator":"In","values":[0,2,2,1]}}""", "[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator|[0].onExitCodes.values[2]: Duplicate value: 2|[0].onExitCodes.values: Invalid value: [0,2,2,1]: must be ordered")]
    [InlineData("""{"action":"Count","onExitCodes":{"operator":"NotIn","values":[0]}}""", "")]
    public void A_failure_policy_is_checked(string rule, string expected) => Assert.Equal(
        expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(e => "spec.podFailurePolicy.rules" + e), Errors("batch/v1", "Job", Job($$"""
        "podFailurePolicy":{"rules":[{{rule}}]}
        """)));

    [Fact]
    public void A_failure_policy_asks_for_pods_that_stay_failed() => Assert.Equal(
        ["spec.podReplacementPolicy: Unsupported value: \"TerminatingOrFailed\": supported values: \"Failed\"", "spec.template.spec.restartPolicy: Invalid value: \"OnFailure\": only \"Never\" is supported when podFailurePolicy is specified"],
        Errors("batch/v1", "Job", Job($$"""
        "podReplacementPolicy":"TerminatingOrFailed","podFailurePolicy":{"rules":[]},"template":{{Template.Replace("Never", "OnFailure", StringComparison.Ordinal)}}
        """)));

    [Theory]
    [InlineData("""{"rules":[]}""", ": Required value: at least one rules must be specified when the successPolicy is specified")]
    [InlineData("""{"rules":[{}]}""", "[0]: Required value: at least one of succeededCount or succeededIndexes must be specified")]
    [InlineData("""{"rules":[{"succeededIndexes":"0-2,4"}]}""", "")]
    [InlineData("""{"rules":[{"succeededIndexes":"0-5"}]}""", "[0].succeededIndexes: Invalid value: \"0-5\": error parsing succeededIndexes: too large index: \"5\"")]
    [InlineData("""{"rules":[{"succeededIndexes":"2,1"}]}""", "[0].succeededIndexes: Invalid value: \"2,1\": error parsing succeededIndexes: non-increasing order, previous: 2, current: 1")]
    [InlineData("""{"rules":[{"succeededIndexes":"1-2-3"}]}""", "[0].succeededIndexes: Invalid value: \"1-2-3\": error parsing succeededIndexes: the fragment \"1-2-3\" violates the requirement that an index interval can have at most two parts separated by '-'")]
    [InlineData("""{"rules":[{"succeededIndexes":"a"}]}""", "[0].succeededIndexes: Invalid value: \"a\": error parsing succeededIndexes: cannot convert string to integer for index: \"a\"")]
    [InlineData("""{"rules":[{"succeededCount":6}]}""", "[0].succeededCount: Invalid value: 6: must be less than or equal to 5 (the number of specified completions)")]
    [InlineData("""{"rules":[{"succeededCount":3,"succeededIndexes":"0-1"}]}""", "[0].succeededCount: Invalid value: 3: must be less than or equal to 2 (the number of indexes in the specified succeededIndexes field)")]
    public void A_success_policy_is_checked(string policy, string expected) => Assert.Equal(
        expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(e => "spec.successPolicy.rules" + e), Errors("batch/v1", "Job", Job($$"""
        "completionMode":"Indexed","completions":5,"successPolicy":{{policy}}
        """)));

    [Fact]
    public void Generated_labels_cannot_be_chosen() => Assert.Equal(
        [
            "spec.template.metadata.labels[controller-uid]: Required value: must be 'u'",
            "spec.template.metadata.labels[job-name]: Invalid value: {\"batch.kubernetes.io/controller-uid\":\"u\",\"batch.kubernetes.io/job-name\":\"j\",\"job-name\":\"other\"}: must be 'j'",
            "spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\"}}: `selector` not auto-generated",
            "spec.template.metadata.labels: Invalid value: {\"batch.kubernetes.io/controller-uid\":\"u\",\"batch.kubernetes.io/job-name\":\"j\",\"job-name\":\"other\"}: `selector` does not match template `labels`",
        ],
        Errors("batch/v1", "Job", """
            {"metadata":{"name":"j","uid":"u"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"batch.kubernetes.io/controller-uid":"u","batch.kubernetes.io/job-name":"j","job-name":"other"}},
             "spec":{"restartPolicy":"Never","containers":[{"name":"m","image":"x"}]}}}}
            """));

    [Fact]
    public void A_selector_of_ones_own_needs_only_to_select()
    {
        const string template = """{"metadata":{"labels":{"a":"b"}},"spec":{"restartPolicy":"Never","containers":[{"name":"m","image":"x"}]}}""";
        Assert.Empty(Errors("batch/v1", "Job", $$$"""{"metadata":{"name":"j","uid":"u"},"spec":{"manualSelector":true,"selector":{"matchLabels":{"a":"b"}},"template":{{{template}}} } }"""));
        Assert.Equal(["spec.selector: Required value", "spec.template.metadata.labels: Invalid value: {\"a\":\"b\"}: `selector` does not match template `labels`"],
            Errors("batch/v1", "Job", $$$"""{"metadata":{"name":"j","uid":"u"},"spec":{"manualSelector":true,"template":{{{template}}} } }"""));
    }

    [Fact]
    public void An_indexed_jobs_name_must_fit_its_pods_hostnames()
    {
        var name = new string('j', 62);
        var json = Job("\"completionMode\":\"Indexed\",\"completions\":10", name: name).Replace("-name\":\"j\"", $"-name\":\"{name}\"", StringComparison.Ordinal);
        Assert.Equal([$"metadata.name: Invalid value: \"{name}\": will not able to create pod with invalid DNS label: {name}-9"], Errors("batch/v1", "Job", json));
    }

    [Theory]
    [InlineData("\"parallelism\":1", "\"parallelism\":9", "")]
    [InlineData("\"completions\":1", "\"completions\":2", "spec.completions: Invalid value: 2" + Fixed)]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":1,\"parallelism\":1", "\"completionMode\":\"Indexed\",\"completions\":2,\"parallelism\":2", "")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":1,\"parallelism\":1", "\"completionMode\":\"Indexed\",\"completions\":2,\"parallelism\":1", "spec.completions: Invalid value: 2: can only be modified in tandem with spec.parallelism")]
    [InlineData("\"completions\":1", "\"completions\":1,\"completionMode\":\"Indexed\"", "spec.completionMode: Invalid value: \"Indexed\"" + Fixed)]
    [InlineData("\"podReplacementPolicy\":\"Failed\",\"podFailurePolicy\":{\"rules\":[]}", "\"podReplacementPolicy\":\"Failed\"", "spec.podFailurePolicy: Invalid value: null" + Fixed)]
    [InlineData("\"managedBy\":\"a.b/c\"", "\"managedBy\":\"a.b/d\"", "spec.managedBy: Invalid value: \"a.b/d\"" + Fixed)]
    [InlineData("\"backoffLimit\":1", "\"backoffLimit\":2,\"suspend\":true,\"ttlSecondsAfterFinished\":4,\"activeDeadlineSeconds\":3", "")]
    [InlineData("\"completionMode\":\"Indexed\",\"completions\":2,\"backoffLimitPerIndex\":1", "\"completionMode\":\"Indexed\",\"completions\":2,\"backoffLimitPerIndex\":2,\"maxFailedIndexes\":1", "spec.backoffLimitPerIndex: Invalid value: 2" + Fixed)]
    public void What_a_job_is_does_not_change(string old, string spec, string expected) => Assert.Equal(expected, string.Join('|', Changes("batch/v1", "Job", Job(old), Job(spec))));

    [Theory]
    [InlineData("", "{}", false)]
    [InlineData("\"suspend\":true", "{}", true)]
    [InlineData("\"suspend\":true", """{"startTime":"2024-01-01T00:00:00Z"}""", false)]
    [InlineData("\"suspend\":true", """{"startTime":"2024-01-01T00:00:00Z","conditions":[{"type":"Suspended","status":"True"}]}""", true)]
    [InlineData("\"suspend\":true", """{"active":1}""", false)]
    public void Where_and_with_what_pods_run_may_be_said_until_they_do(string spec, string status, bool allowed)
    {
        var moved = Template.Replace("\"containers\":[{", """
            "nodeSelector":{"a":"b"},"tolerations":[{"operator":"Exists"}],"schedulingGates":[{"name":"g"}],"affinity":{"nodeAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":{"nodeSelectorTerms":[{}]}}},"containers":[{"resources":{"requests":{"cpu":"1"}},
            """, StringComparison.Ordinal);
        var errors = Changes("batch/v1", "Job", Job(spec, status), Job($"\"suspend\":{(spec.Length > 0 ? "true" : "false")},\"template\":{moved}", status));
        Assert.Equal(allowed, errors.Length == 0);
        if (!allowed) Assert.StartsWith("spec.template: Invalid value: {", Assert.Single(errors));
    }

    [Fact]
    public void What_pods_run_is_fixed_even_while_a_job_rests()
    {
        var other = Template.Replace("\"image\":\"x\"", "\"image\":\"y\"", StringComparison.Ordinal);
        var error = Assert.Single(Changes("batch/v1", "Job", Job("\"suspend\":true"), Job($"\"suspend\":true,\"template\":{other}")));
        Assert.StartsWith("spec.template.spec: Invalid value: {", error);
        Assert.EndsWith(Fixed, error);
    }

    private const string Done = "\"startTime\":\"2024-01-01T00:00:00Z\",\"completionTime\":\"2024-01-01T00:00:09Z\",\"conditions\":[{\"type\":\"SuccessCriteriaMet\",\"status\":\"True\"},{\"type\":\"Complete\",\"status\":\"True\"}]";
    private const string Lost = "\"startTime\":\"2024-01-01T00:00:00Z\",\"conditions\":[{\"type\":\"FailureTarget\",\"status\":\"True\"},{\"type\":\"Failed\",\"status\":\"True\"}]";

    [Theory]
    [InlineData("", Done, "")]
    [InlineData("", Lost, "")]
    [InlineData("", "\"active\":-1", "active: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("", "\"ready\":2,\"active\":1", "ready: Invalid value: 2: cannot set more ready pods than active")]
    [InlineData("", Done + ",\"active\":1", "active: Invalid value: 1: active>0 is invalid for finished job")]
    [InlineData("", Done + ",\"terminating\":1", "terminating: Invalid value: 1: terminating>0 is invalid for finished job")]
    [InlineData("", Done + ",\"uncountedTerminatedPods\":{\"failed\":[\"a\"]}", "uncountedTerminatedPods: Invalid value: {\"failed\":[\"a\"]}: uncountedTerminatedPods needs to be empty for finished job")]
    [InlineData("", "\"uncountedTerminatedPods\":{\"succeeded\":[\"a\",\"\"],\"failed\":[\"a\"]}", "uncountedTerminatedPods.succeeded[1]: Invalid value: \"\": must not be empty|uncountedTerminatedPods.failed[0]: Duplicate value: \"a\"")]
    [InlineData("", "\"completionTime\":\"2024-01-01T00:00:00Z\"", "completionTime: Invalid value: \"2024-01-01T00:00:00Z\": cannot set completionTime when there is no Complete=True condition")]
    [InlineData("", "\"startTime\":\"2024-01-01T00:00:00Z\",\"conditions\":[{\"type\":\"SuccessCriteriaMet\",\"status\":\"True\"},{\"type\":\"Complete\",\"status\":\"True\"}]", "completionTime: Required value: completionTime is required for Complete jobs")]
    [InlineData("", "\"startTime\":\"2024-01-01T00:00:00Z\",\"conditions\":[{\"type\":\"Failed\",\"status\":\"True\"}]", "conditions: Invalid value: cannot set Failed=True condition without the FailureTarget=true condition")]
    [InlineData("", "\"conditions\":[{\"type\":\"FailureTarget\",\"status\":\"True\"},{\"type\":\"Failed\",\"status\":\"True\"}]", "startTime: Required value: startTime is required for finished job")]
    [InlineData(Done, "\"startTime\":\"2024-01-01T00:00:00Z\"", "conditions: Invalid value: cannot disable the terminal Complete=True condition|conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition")]
    [InlineData("\"failed\":2", "\"failed\":1", "failed: Invalid value: 1: cannot decrease the failed counter")]
    [InlineData("\"succeeded\":2", "\"succeeded\":1", "succeeded: Invalid value: 1: cannot decrease the succeeded counter")]
    [InlineData("\"startTime\":\"2024-01-01T00:00:00Z\"", "\"startTime\":\"2024-01-01T00:00:01Z\"", "startTime: Required value: startTime cannot be removed for unsuspended job")]
    [InlineData("", "\"completedIndexes\":\"0\"", "completedIndexes: Invalid value: \"0\": cannot set non-empty completedIndexes when non-indexed completion mode")]
    [InlineData("", "\"failedIndexes\":\"0\"", "failedIndexes: Invalid value: \"0\": cannot set non-null failedIndexes when backoffLimitPerIndex is null")]
    public void A_jobs_status_tells_a_story_that_can_be(string old, string status, string expected) => Assert.Equal(
        expected.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(e => "status." + e), Changes("batch/v1", "Job", Job("", $"{{{old}}}"), Job("", $"{{{status}}}"), "status"));

    [Fact]
    public void No_index_both_failed_and_succeeded()
    {
        const string spec = "\"completionMode\":\"Indexed\",\"completions\":9,\"backoffLimitPerIndex\":1";
        Assert.Equal(["status.failedIndexes: Invalid value: \"1,4\": failedIndexes and completedIndexes overlap at index: 4"],
            Changes("batch/v1", "Job", Job(spec), Job(spec, """{"completedIndexes":"0,3-6","failedIndexes":"1,4"}"""), "status"));
    }

    private static string Cron(string spec) =>
        $$"""{"metadata":{"name":"c"},"spec":{{Over(With("""{"schedule":"* * * * *","jobTemplate":{"spec":{"template":TEMPLATE}}}"""), With(spec))}}}""";

    [Theory]
    [InlineData("", "")]
    [InlineData("\"schedule\":\"\"", "spec.schedule: Required value")]
    [InlineData("\"schedule\":\"* * * *\"", "spec.schedule: Invalid value: \"* * * *\": expected exactly 5 fields, found 4: [* * * *]")]
    [InlineData("\"schedule\":\"60 * * * *\"", "spec.schedule: Invalid value: \"60 * * * *\": end of range (60) above maximum (59): 60")]
    [InlineData("\"schedule\":\"5-1 * * * *\"", "spec.schedule: Invalid value: \"5-1 * * * *\": beginning of range (5) beyond end of range (1): 5-1")]
    [InlineData("\"schedule\":\"* * 0 * *\"", "spec.schedule: Invalid value: \"* * 0 * *\": beginning of range (0) below minimum (1): 0")]
    [InlineData("\"schedule\":\"*/0 * * * *\"", "spec.schedule: Invalid value: \"*/0 * * * *\": step of range should be a positive number: */0")]
    [InlineData("\"schedule\":\"x * * * *\"", "spec.schedule: Invalid value: \"x * * * *\": failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax")]
    [InlineData("\"schedule\":\"1-2-3 * * * *\"", "spec.schedule: Invalid value: \"1-2-3 * * * *\": too many hyphens: 1-2-3")]
    [InlineData("\"schedule\":\"*/2/3 * * * *\"", "spec.schedule: Invalid value: \"*/2/3 * * * *\": too many slashes: */2/3")]
    [InlineData("\"schedule\":\"@often\"", "spec.schedule: Invalid value: \"@often\": unrecognized descriptor: @often")]
    [InlineData("\"schedule\":\"@every 1x\"", "spec.schedule: Invalid value: \"@every 1x\": failed to parse duration @every 1x: time: invalid duration \"1x\"")]
    [InlineData("\"schedule\":\"@every 1h30m\"", "")]
    [InlineData("\"schedule\":\"0,30 9-17/2 ? JAN-mar mon-FRI\"", "")]
    [InlineData("\"schedule\":\"TZ=UTC * * * * *\"", "spec.schedule: Invalid value: \"TZ=UTC * * * * *\": cannot use TZ or CRON_TZ in schedule, use timeZone field instead")]
    [InlineData("\"timeZone\":\"\"", "spec.timeZone: Invalid value: \"\": timeZone must be nil or non-empty string")]
    [InlineData("\"timeZone\":\"Local\"", "spec.timeZone: Invalid value: \"Local\": timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")]
    [InlineData("\"timeZone\":\"../etc/passwd\"", "spec.timeZone: Invalid value: \"../etc/passwd\": unknown time zone ../etc/passwd")]
    [InlineData("\"timeZone\":\"Europe/Atlantis\"", "spec.timeZone: Invalid value: \"Europe/Atlantis\": unknown time zone Europe/Atlantis")]
    [InlineData("\"timeZone\":\"Europe/Paris\"", "")]
    [InlineData("\"startingDeadlineSeconds\":-1,\"successfulJobsHistoryLimit\":-1,\"failedJobsHistoryLimit\":-1", "spec.startingDeadlineSeconds: Invalid value: -1: must be greater than or equal to 0|spec.successfulJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0|spec.failedJobsHistoryLimit: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("\"jobTemplate\":{\"spec\":{\"manualSelector\":true,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":TEMPLATE}}", "spec.jobTemplate.spec.selector: Invalid value: {\"matchLabels\":{\"a\":\"b\"}}: `selector` will be auto-generated|spec.jobTemplate.spec.manualSelector: Unsupported value: true: supported values: \"nil\", \"false\"")]
    [InlineData("\"jobTemplate\":{\"spec\":{\"backoffLimit\":-1,\"template\":TEMPLATE}}", "spec.jobTemplate.spec.backoffLimit: Invalid value: -1: must be greater than or equal to 0")]
    public void A_cron_job_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors("batch/v1", "CronJob", Cron(spec))));

    [Theory]
    [InlineData("\"schedule\":\"TZ=UTC * * * * *\"", "\"schedule\":\"TZ=UTC 1 * * * *\"", "")]
    [InlineData("\"schedule\":\"TZ=UTC * * * * *\"", "\"schedule\":\"TZ=UTC 1 * * * *\",\"timeZone\":\"UTC\"", "spec.schedule: Invalid value: \"TZ=UTC 1 * * * *\": cannot use both timeZone field and TZ or CRON_TZ in schedule")]
    [InlineData("\"timeZone\":\"Gone/Zone\"", "\"timeZone\":\"Gone/Zone\",\"suspend\":true", "")]
    public void What_a_cron_job_once_had_it_may_keep(string old, string spec, string expected) => Assert.Equal(expected, string.Join('|', Changes("batch/v1", "CronJob", Cron(old), Cron(spec))));

    [Fact]
    public void A_cron_jobs_name_leaves_room_for_its_jobs()
    {
        var name = new string('c', 53);
        var json = Cron("").Replace("\"name\":\"c\"", $"\"name\":\"{name}\"", StringComparison.Ordinal);
        Assert.Equal([$"metadata.name: Invalid value: \"{name}\": must be no more than 52 characters"], Errors("batch/v1", "CronJob", json));
        Assert.Empty(Changes("batch/v1", "CronJob", json, json));
    }
}
