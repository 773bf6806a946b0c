# bash completion for mlp, made by `mlp completion bash`.
_mlp() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command=${COMP_WORDS[1]} words='' files=''
	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W 'train predict eval info check export bench completion --help --version' -- "$word")
		return
	fi
	case $command,$before in
	train,--target | train,-t) return ;;
	train,--ignore) return ;;
	train,--weight) return ;;
	train,--task) words='classes numbers' ;;
	train,--categorical) return ;;
	train,--numeric) return ;;
	train,--missing) words='refuse drop-row mean median' ;;
	train,--unseen) words='refuse zero' ;;
	train,--delimiter | train,-d) words='comma semicolon tab bar space' ;;
	train,--decimal) words='point comma' ;;
	train,--header) words='guess yes no' ;;
	train,--labels) files=yes ;;
	train,--max-bytes) return ;;
	train,--x) return ;;
	train,--y) return ;;
	train,--hidden | train,-H) return ;;
	train,--activation) words='relu leaky_relu elu selu gelu silu softplus softsign tanh sigmoid sin identity' ;;
	train,--init) words='glorot_uniform glorot_normal he_uniform he_normal lecun_normal' ;;
	train,--scaling) words='standard min_max common none' ;;
	train,--output-scaling) words='standard min_max none' ;;
	train,--dropout) return ;;
	train,--input-dropout) return ;;
	train,--optimizer) words='adam adamw sgd rmsprop irprop- lbfgs' ;;
	train,--eta) return ;;
	train,--momentum) return ;;
	train,--rho) return ;;
	train,--beta1) return ;;
	train,--beta2) return ;;
	train,--epsilon) return ;;
	train,--history) return ;;
	train,--schedule) words='constant step exponential cosine plateau' ;;
	train,--warmup) return ;;
	train,--epochs | train,-e) return ;;
	train,--batch | train,-b) return ;;
	train,--loss) words='cross_entropy binary_cross_entropy squared_error absolute_error huber log_cosh' ;;
	train,--loss-parameter) return ;;
	train,--label-smoothing) return ;;
	train,--class-weights) words='none balanced' ;;
	train,--l2) return ;;
	train,--weight-decay) return ;;
	train,--max-norm) return ;;
	train,--clip-norm) return ;;
	train,--clip-value) return ;;
	train,--validation | train,-v) files=yes ;;
	train,--patience) return ;;
	train,--monitor) words='loss accuracy rmse mae r2' ;;
	train,--seed | train,-s) return ;;
	train,--workers | train,-j) return ;;
	train,--out | train,-o) files=yes ;;
	train,--checkpoint) files=yes ;;
	train,--checkpoint-every) return ;;
	train,--report | train,-r) files=yes ;;
	predict,--delimiter | predict,-d) words='comma semicolon tab bar space' ;;
	predict,--decimal) words='point comma' ;;
	predict,--header) words='guess yes no' ;;
	predict,--max-bytes) return ;;
	predict,--x) return ;;
	predict,--workers | predict,-j) return ;;
	predict,--out | predict,-o) files=yes ;;
	predict,--margin) return ;;
	eval,--delimiter | eval,-d) words='comma semicolon tab bar space' ;;
	eval,--decimal) words='point comma' ;;
	eval,--header) words='guess yes no' ;;
	eval,--labels) files=yes ;;
	eval,--max-bytes) return ;;
	eval,--x) return ;;
	eval,--y) return ;;
	eval,--workers | eval,-j) return ;;
	eval,--report | eval,-r) files=yes ;;
	check,--target | check,-t) return ;;
	check,--ignore) return ;;
	check,--weight) return ;;
	check,--task) words='classes numbers' ;;
	check,--categorical) return ;;
	check,--numeric) return ;;
	check,--missing) words='refuse drop-row mean median' ;;
	check,--delimiter | check,-d) words='comma semicolon tab bar space' ;;
	check,--decimal) words='point comma' ;;
	check,--header) words='guess yes no' ;;
	check,--labels) files=yes ;;
	check,--max-bytes) return ;;
	check,--x) return ;;
	check,--y) return ;;
	check,--hidden | check,-H) return ;;
	check,--activation) words='relu leaky_relu elu selu gelu silu softplus softsign tanh sigmoid sin identity' ;;
	check,--init) words='glorot_uniform glorot_normal he_uniform he_normal lecun_normal' ;;
	check,--scaling) words='standard min_max common none' ;;
	check,--output-scaling) words='standard min_max none' ;;
	check,--loss) words='cross_entropy binary_cross_entropy squared_error absolute_error huber log_cosh' ;;
	check,--loss-parameter) return ;;
	check,--seed | check,-s) return ;;
	check,--model | check,-m) files=yes ;;
	check,--rows | check,-n) return ;;
	check,--step) return ;;
	export,--out | export,-o) files=yes ;;
	export,--format) words='c npz csv safetensors' ;;
	export,--name) return ;;
	bench,--batch | bench,-b) return ;;
	bench,--seed | bench,-s) return ;;
	bench,--workers | bench,-j) return ;;
	bench,--seconds) return ;;
	*)
		files=yes
		[[ $word == -* ]] && case $command in
		train) words=' --target --ignore --weight --task --categorical --numeric --missing --unseen --delimiter --decimal --header --labels --max-bytes --x --y --hidden --activation --init --scaling --output-scaling --dropout --input-dropout --f64 --optimizer --eta --momentum --nesterov --rho --beta1 --beta2 --epsilon --history --schedule --warmup --epochs --batch --loss --loss-parameter --label-smoothing --class-weights --l2 --weight-decay --max-norm --clip-norm --clip-value --validation --patience --monitor --seed --workers --out --checkpoint --checkpoint-every --resume --report --json --quiet --help' files='' ;;
		predict) words=' --delimiter --decimal --header --max-bytes --x --workers --out --probabilities --domain --margin --no-header --json --quiet --help' files='' ;;
		eval) words=' --delimiter --decimal --header --labels --max-bytes --x --y --workers --report --json --quiet --help' files='' ;;
		info) words=' --json --help' files='' ;;
		check) words=' --target --ignore --weight --task --categorical --numeric --missing --delimiter --decimal --header --labels --max-bytes --x --y --hidden --activation --init --scaling --output-scaling --loss --loss-parameter --seed --model --rows --step --json --quiet --help' files='' ;;
		export) words=' --out --format --name --quiet --help' files='' ;;
		bench) words=' --f64 --batch --seed --workers --seconds --json --help' files='' ;;
		completion) words=' --help' files='' ;;
		esac
		[[ $word != -* && $command == completion ]] && words='bash zsh fish mdoc' files=''
		;;
	esac
	if [[ -n $files ]]; then
		compopt -o filenames 2>/dev/null
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
	fi
}
complete -F _mlp mlp
